using Watchdesk.Clients;

namespace Watchdesk.Schedules;

/// <summary>How far the tick has read, and how it went: the row <c>m</c> | <c>due</c> of the table meta.</summary>
/// <param name="Cursor">The hour before which nothing is due any more.</param>
/// <param name="TickAt">When the last tick ended.</param>
/// <param name="IsCatchingUp">The last tick ran out of time while it worked off an absence.</param>
/// <param name="Handled">Rows that the last tick handled.</param>
/// <param name="Pushed">Rows that the last tick could not handle and pushed a minute ahead.</param>
public sealed record TickState(DateTimeOffset Cursor, DateTimeOffset TickAt, bool IsCatchingUp = false, int Handled = 0, int Pushed = 0)
{
    /// <summary>When a tick pushed rows last; null when none ever did.</summary>
    public DateTimeOffset? PushedAt { get; init; }

    /// <summary>Why, in the words of one of them.</summary>
    public string? PushedReason { get; init; }

    public string? ETag { get; init; }
}

/// <summary>Reads and writes the state of the tick.</summary>
public sealed class TickCursor(ITables tables)
{
    /// <summary>The cursor leaves an hour only this long after its end, for writers whose clock is behind or who are slow.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    const string Partition = "m";
    const string Row = "due";

    /// <summary>Sets the cursor to the hour of <paramref name="now"/> unless there is one.</summary>
    internal static Task CreateAsync(ITables tables, DateTimeOffset now, CancellationToken cancellationToken) => tables.WriteAsync(
        Tables.Meta,
        TableWrite.Insert(new TableRow(Partition, Row) { ["V"] = DueIndex.Schema, ["Cursor"] = DueKeys.HourText(now), ["TickAt"] = now.ToUniversalTime() }),
        cancellationToken);

    /// <summary>Null before the first row was added and the first tick ended.</summary>
    public async Task<TickState?> ReadAsync(CancellationToken cancellationToken)
    {
        var row = await tables.GetAsync(Tables.Meta, Partition, Row, cancellationToken: cancellationToken);
        if (row is null || DueKeys.ParseHour(row.Text("Cursor")) is not { } cursor || row.Time("TickAt") is not { } tickAt)
        {
            return null;
        }

        return new TickState(cursor, tickAt, row.Flag("CatchingUp"), (int)row.Number("Handled"), (int)row.Number("Pushed"))
        {
            PushedAt = row.Time("PushedAt"),
            PushedReason = row.Text("PushedReason"),
            ETag = row.ETag,
        };
    }

    /// <summary>Does nothing when another instance wrote since this state was read: its tick counts as well.</summary>
    public Task WriteAsync(TickState state, CancellationToken cancellationToken)
    {
        var row = new TableRow(Partition, Row)
        {
            ["V"] = DueIndex.Schema,
            ["Cursor"] = DueKeys.HourText(state.Cursor),
            ["TickAt"] = state.TickAt,
            ["CatchingUp"] = state.IsCatchingUp,
            ["Handled"] = state.Handled,
            ["Pushed"] = state.Pushed,
            ["PushedAt"] = state.PushedAt,
            ["PushedReason"] = state.PushedReason,
        };
        var write = state.ETag is { } etag ? TableWrite.Merge(row, etag) : TableWrite.UpsertMerge(row);
        return tables.WriteAsync(Tables.Meta, write, cancellationToken);
    }
}
