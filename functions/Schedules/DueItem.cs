namespace Watchdesk.Schedules;

/// <summary>Something to look at when its deadline has come. Kind and tenant use [A-Za-z0-9._:-], the id also ~.</summary>
/// <param name="Kind">Which <see cref="IDueHandler"/> looks at it: job, notice, walk …</param>
public sealed record DueItem(string Kind, string Tenant, string Id, DateTimeOffset Deadline);

/// <summary>
/// An index row as it was read; the tick deletes it after its handler returned, unless it was written again meanwhile.
/// The deadline is the row's: whole milliseconds, and later than the one asked for when it had passed or was pushed.
/// </summary>
public sealed record DueRow(DueItem Item, string PartitionKey, string RowKey)
{
    /// <summary>An index row comes before its state row; within this time the state row may still be under way.</summary>
    public static readonly TimeSpan StateMayFollow = TimeSpan.FromMinutes(10);

    public string ETag { get; init; } = "*";

    /// <summary>When it was added, by the writer's clock.</summary>
    public DateTimeOffset AddedAt { get; init; }

    /// <summary>How often it has been pushed ahead because it could not be handled.</summary>
    public int Tries { get; init; }

    /// <summary>
    /// True when the state row that relies on this row may not be written yet. A handler that finds a state which
    /// does not know of such a row returns it, so that it is looked at again a minute later.
    /// </summary>
    public bool IsFresh(DateTimeOffset now) => now - AddedAt < StateMayFollow;
}
