namespace Watchdesk.Schedules;

/// <summary>The tick that hands over due rows.</summary>
/// <param name="Now">The one "now" of the tick, for every decision and for <see cref="DueIndex.AddAsync"/>.</param>
/// <param name="LastTickAt">When the tick before ended; null on the first ever.</param>
/// <param name="IsCatchUp">Watchdesk itself was away for more than 2 min and is still working that off: one incident, not many.</param>
public sealed record TickContext(DateTimeOffset Now, DateTimeOffset? LastTickAt = null, bool IsCatchUp = false);

/// <summary>
/// Looks at due items of one kind. Decides from the state row, not from the deadline of the index row (a later deadline
/// writes none, so a row may be stale), and writes the state row and the next index row before it returns. The same
/// row can come twice: after a crash, or to two instances at once. A kind that recurs adds its next row here.
/// </summary>
public interface IDueHandler
{
    string Kind { get; }

    /// <summary>
    /// Returns the rows that could not be handled: the tick pushes those a minute ahead and goes on. When it throws, the
    /// tick halves the rows until the bad ones stand alone.
    /// </summary>
    /// <param name="rows">At most 1,000 of this kind, those of one tenant together; a tick hands over several chunks when more are due.</param>
    Task<IReadOnlyList<DueRow>> HandleAsync(IReadOnlyList<DueRow> rows, TickContext tick, CancellationToken cancellationToken);
}
