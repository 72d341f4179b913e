using Watchdesk.Clients;

namespace Watchdesk.Schedules;

/// <summary>A table of state rows that rely on rows of the due index.</summary>
/// <param name="Name">One word that begins with a letter, the first part of the walk's id.</param>
/// <param name="Partition">Of a tenant and a shard.</param>
/// <param name="Read">What a row of a tenant owes; null when it owes nothing by its kind.</param>
/// <param name="Markers">What the keys of rows begin with that mark counted messages, behind all others; null when the table has none.</param>
public sealed record WalkSource(string Name, string Table, Func<string, int, string> Partition, Func<string, TableRow, Expectation?> Read, string? Markers = null);

/// <summary>What a state row owes.</summary>
/// <param name="Kind">Which <see cref="IDueHandler"/> looks at it.</param>
/// <param name="NextLook">When by its state it must be looked at; null for never.</param>
/// <param name="IndexedAt">Where by its state its due row stands, in Unix milliseconds; <see cref="long.MaxValue"/> for nowhere.</param>
/// <param name="Link">Its page, a path on the desk.</param>
public sealed record Expectation(string Kind, string Tenant, string Id, DateTimeOffset? NextLook, long IndexedAt, string Name, string Link)
{
    /// <summary>The row that must stand; null for none.</summary>
    public DueItem? Due
    {
        get
        {
            var look = NextLook is { } at ? DueKeys.Ceiling(at).ToUnixTimeMilliseconds() : long.MaxValue;
            var first = Math.Min(look, IndexedAt);
            return first == long.MaxValue ? null : new DueItem(Kind, Tenant, Id, DateTimeOffset.FromUnixTimeMilliseconds(first));
        }
    }
}

/// <summary>Says that expectations had lost their due rows, which stand again.</summary>
public delegate Task NoteLost(IReadOnlyList<Expectation> lost, DateTimeOffset now, CancellationToken cancellationToken);
