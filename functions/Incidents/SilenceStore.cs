using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Schedules;

namespace Watchdesk.Incidents;

/// <summary>Silence rows: PK tenant, RK id. One that is over is kept for <see cref="Keep"/>.</summary>
public sealed class SilenceStore(ITables tables, EventLog log, NoteExpiry noteExpiry) : IExpiring
{
    public const string DueKind = "silence";

    public static readonly TimeSpan Keep = TimeSpan.FromDays(30);

    public string Kind => DueKind;

    /// <summary>Also those that are over, the newest first.</summary>
    public async Task<IReadOnlyList<Silence>> ListAsync(string tenant, CancellationToken cancellationToken)
    {
        var all = new List<Silence>();
        await foreach (var row in tables.QueryAllAsync(new TableQuery(Tables.Silences, tenant), cancellationToken))
        {
            all.Add(Read(row));
        }

        all.Reverse();
        return all;
    }

    public async Task<Silence?> GetAsync(string tenant, string id, CancellationToken cancellationToken) =>
        await tables.GetAsync(Tables.Silences, tenant, id, cancellationToken: cancellationToken) is { } row ? Read(row) : null;

    /// <summary>Adds it or puts it in the place of the one with this id.</summary>
    public async Task PutAsync(string tenant, Silence silence, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(silence);
        var row = new TableRow(tenant, silence.Id)
        {
            ["V"] = 1,
            ["Match"] = JsonSerializer.SerializeToUtf8Bytes(silence.Match, IncidentsJson.Compact.SilenceMatch),
            ["From"] = silence.From,
            ["Until"] = silence.Until,
            ["Reason"] = silence.Reason,
            ["By"] = silence.By,
            ["CreatedAt"] = silence.CreatedAt,
        };
        await noteExpiry(tenant, $"{Kind}~{silence.Id}", silence.Until + Keep, cancellationToken);
        await log.AppendRowsAsync(tenant, [(Tables.Silences, row)], cancellationToken);
        await tables.WriteAsync(Tables.Silences, TableWrite.Upsert(row), cancellationToken);
    }

    /// <summary>When people hear of what it has hidden.</summary>
    public static DueItem EndOf(string tenant, Silence silence)
    {
        ArgumentNullException.ThrowIfNull(silence);
        return new DueItem(DueKind, tenant, silence.Id, silence.Until);
    }

    /// <summary>The due rows of stored silences: the end of each, and when it is forgotten.</summary>
    public static async Task<IReadOnlyList<DueItem>> OwedAsync(ITables tables, string tenant, CancellationToken cancellationToken)
    {
        var owed = new List<DueItem>();
        await foreach (var row in tables.QueryAllAsync(new TableQuery(Tables.Silences, tenant), cancellationToken))
        {
            var silence = Read(row);
            owed.AddRange([EndOf(tenant, silence), new DueItem(RetentionDue.DueKind, tenant, $"{DueKind}~{silence.Id}", silence.Until + Keep)]);
        }

        return owed;
    }

    async Task IExpiring.ForgetAsync(string tenant, string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await GetAsync(tenant, id, cancellationToken) is { } silence && silence.Until + Keep <= now)
        {
            await log.AppendDeletedAsync(tenant, [(Tables.Silences, new TableRow(tenant, id))], cancellationToken);
            await tables.WriteAsync(Tables.Silences, TableWrite.Delete(tenant, id), cancellationToken);
        }
    }

    static Silence Read(TableRow row) => new(
        row.RowKey,
        JsonSerializer.Deserialize(row.Bytes("Match"), IncidentsJson.Compact.SilenceMatch)!,
        row.Time("From") ?? default,
        row.Time("Until") ?? default,
        row.Text("Reason") ?? "",
        row.Text("By") ?? "",
        row.Time("CreatedAt") ?? default);
}
