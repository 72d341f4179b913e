using Watchdesk.Incidents;
using Watchdesk.Schedules;

namespace Watchdesk.Heartbeats;

/// <summary>What a job owes and what people said of it.</summary>
/// <param name="Id">32 hex digits.</param>
/// <param name="Slug">Unique in the tenant, <c>[a-z0-9_-]{1,100}</c>.</param>
/// <param name="PingId">The random part of the ping address, canonical uuid form.</param>
/// <param name="SnoozedUntil">Paused until then, if <paramref name="IsPaused"/>; null pauses until resumed.</param>
/// <param name="ResumedAt">Nothing before it is owed.</param>
/// <param name="Revision">Grows with every change.</param>
/// <param name="AlertAfter">So many bad results in a row are told.</param>
/// <param name="Parents">Ids of jobs; while one needs attention nobody is told of this one.</param>
public sealed record Job(
    string Id,
    string Name,
    string Slug,
    string PingId,
    Severity Severity,
    Schedule Schedule,
    Budgets Budgets,
    IReadOnlyList<string> Tags,
    string? Org,
    IReadOnlyList<string> Servers,
    DateTimeOffset CreatedAt,
    bool IsPaused = false,
    DateTimeOffset? SnoozedUntil = null,
    DateTimeOffset? ResumedAt = null,
    long Revision = 1,
    int AlertAfter = 1,
    IReadOnlyList<string>? Parents = null,
    IReadOnlyList<MaintenanceWindow>? Maintenance = null)
{
    public IReadOnlyList<string> Parents { get; init; } = Parents ?? [];

    public IReadOnlyList<MaintenanceWindow> Maintenance { get; init; } = Maintenance ?? [];

    public string Subject => $"job:{Id}";

    /// <summary>What is owed is counted from here when nothing came later.</summary>
    public long CountFrom => Math.Max(ResumedAt?.ToUnixTimeMilliseconds() ?? 0, SnoozedUntil?.ToUnixTimeMilliseconds() ?? 0);

    public bool PausedAt(DateTimeOffset now) => IsPaused && (SnoozedUntil is null || now < SnoozedUntil);
}
