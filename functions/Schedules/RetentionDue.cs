using Watchdesk.Clients;

namespace Watchdesk.Schedules;

/// <summary>Due kind <c>retention</c>: rows whose time is over go.</summary>
public sealed partial class RetentionDue(IEnumerable<IExpiring> kinds, ILogger<RetentionDue> log) : IDueHandler
{
    public const string DueKind = "retention";

    readonly Dictionary<string, IExpiring> byKind = kinds.ToDictionary(kind => kind.Kind, StringComparer.Ordinal);

    public string Kind => DueKind;

    public static NoteExpiry NoteIn(DueIndex due, TimeProvider clock) =>
        (tenant, id, at, cancellationToken) => due.AddAsync([new DueItem(DueKind, tenant, id, at)], clock.GetUtcNow(), cancellationToken);

    public async Task<IReadOnlyList<DueRow>> HandleAsync(IReadOnlyList<DueRow> rows, TickContext tick, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(tick);
        var failed = new List<DueRow>();
        foreach (var row in rows)
        {
            var at = row.Item.Id.IndexOf('~', StringComparison.Ordinal);
            var (kind, id) = at < 0 ? ("", row.Item.Id) : (row.Item.Id[..at], row.Item.Id[(at + 1)..]);
            try
            {
                await byKind[kind].ForgetAsync(row.Item.Tenant, id, tick.Now, cancellationToken);
            }
            catch (Exception e) when (e is RemoteCallException or KeyNotFoundException)
            {
                Log.Failed(log, row.Item.Id, e.Message);
                failed.Add(row);
            }
        }

        return failed;
    }

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Id} could not be forgotten: {Reason}")]
        public static partial void Failed(ILogger log, string id, string reason);
    }
}
