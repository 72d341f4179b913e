using System.Globalization;
using Microsoft.Extensions.Options;
using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Incidents;
using Watchdesk.Schedules;

namespace Watchdesk.Mail;

/// <param name="ETag">Null for a series that is not stored yet.</param>
public sealed record SeriesRow(string Tenant, string Id, SeriesState State, string? ETag)
{
    public DueItem Due(DateTimeOffset at) => new(SeriesLookout.DueKind, Tenant, Id, at);

    /// <summary>The index row to insert before this row is written; null when the one that stands comes early enough.</summary>
    public (SeriesRow Row, DueItem? Earlier) Indexed(DateTimeOffset now) =>
        State.NextLook is { } look && look.ToUnixTimeMilliseconds() < State.IndexedAt
            ? (this with { State = State with { IndexedAt = DueIndex.IndexedAt(look, now).ToUnixTimeMilliseconds() } }, Due(look))
            : (this, null);
}

/// <summary>The table series: PK <c>{tenant}~{shard}</c>, RK SHA-256 of sender and template.</summary>
public sealed class SeriesRows(ITables tables, IOptions<DeskOptions> options)
{
    /// <summary>Markers of messages come after every series.</summary>
    public const string Markers = "m~";

    public static readonly WalkSource Walked = new("series", Tables.Series, Partition, OwedBy, Markers);

    public int Shards => options.Value.DueShards;

    public int ShardOf(string id) => Keys.Shard(id, Shards);

    public string PartitionOf(string tenant, string id) => Partition(tenant, ShardOf(id));

    public static string Partition(string tenant, int shard) => string.Create(CultureInfo.InvariantCulture, $"{tenant}~{shard:D2}");

    public static bool IsId(string id) => id.Length == 64 && id.All(char.IsAsciiHexDigitLower);

    public async Task<SeriesRow?> ReadAsync(string tenant, string id, CancellationToken cancellationToken) =>
        await tables.GetAsync(Tables.Series, PartitionOf(tenant, id), id, cancellationToken: cancellationToken) is { } row ? Read(tenant, row) : null;

    /// <summary>A page of one shard.</summary>
    public async Task<(IReadOnlyList<SeriesRow> Rows, string? Continuation)> QueryAsync(TableQuery query, string tenant, CancellationToken cancellationToken)
    {
        var page = await tables.QueryAsync(query, cancellationToken);
        return ([.. page.Rows.Select(row => Read(tenant, row))], page.Continuation);
    }

    /// <summary>Those after <paramref name="next"/>, shard by shard, in the order of their ids.</summary>
    public async Task<(IReadOnlyList<SeriesRow> Rows, string? Next)> ListAsync(string tenant, int limit, string? next, CancellationToken cancellationToken)
    {
        var found = new List<SeriesRow>();
        var (shard, from) = next is null ? (0, "0") : ParseNext(next);
        for (; shard < Shards; shard++, from = "0")
        {
            var query = new TableQuery(Tables.Series, Partition(tenant, shard), from, Markers, Limit: limit + 1);
            do
            {
                var (rows, continuation) = await QueryAsync(query with { Limit = limit + 1 - found.Count }, tenant, cancellationToken);
                found.AddRange(rows);
                query = query with { Continuation = continuation };
            }
            while (found.Count <= limit && query.Continuation is not null);
            if (found.Count > limit)
            {
                return (found[..limit], string.Create(CultureInfo.InvariantCulture, $"{shard:D2}~{found[limit].Id}"));
            }
        }

        return (found, null);
    }

    public TableWrite Write(SeriesRow row)
    {
        var state = row.State;
        var entity = new TableRow(PartitionOf(row.Tenant, row.Id), row.Id)
        {
            ["V"] = 1,
            ["Sender"] = state.Sender,
            ["Name"] = state.Name,
            ["Template"] = state.Template,
            ["Schedule"] = state.Schedule.ToText(),
            ["Severity"] = (int)state.Severity,
            ["Host"] = state.Host ?? "",
            ["Org"] = state.Org ?? "",
            ["Arrivals"] = ArrivalsCodec.Write(state.Arrivals),
            ["LastMail"] = state.LastMail,
            ["Cause"] = (int)state.Cause,
            ["Since"] = state.Since,
            ["Turn"] = state.Turn,
            ["ToldTurn"] = state.ToldTurn,
            ["SettledAt"] = state.SettledAt,
            ["IndexedAt"] = state.IndexedAt,
            ["EndedAt"] = state.EndedAt,
        };
        return row.ETag is null ? TableWrite.Insert(entity) : TableWrite.Merge(entity, row.ETag);
    }

    static Expectation OwedBy(string tenant, TableRow row)
    {
        var state = Read(tenant, row).State;
        return new Expectation(SeriesLookout.DueKind, tenant, row.RowKey, state.NextLook, state.IndexedAt, $"the mails {state.Name}", SeriesTeller.Page);
    }

    static SeriesRow Read(string tenant, TableRow row) => new(
        tenant,
        row.RowKey,
        new SeriesState(
            row.Text("Sender") ?? "",
            row.Text("Name") ?? "",
            row.Text("Template") ?? "",
            (CountSchedule)Schedule.Parse(row.Text("Schedule")!),
            (Severity)row.Number("Severity"),
            row.Text("Host") is { Length: > 0 } host ? host : null,
            row.Text("Org") is { Length: > 0 } org ? org : null,
            ArrivalsCodec.Read(row.Bytes("Arrivals")),
            row.Text("LastMail") ?? "",
            (SeriesCause)row.Number("Cause"),
            row.Number("Since"),
            row.Number("Turn"),
            row.Number("ToldTurn"),
            row.Number("SettledAt"),
            row.Number("IndexedAt"),
            row.Number("EndedAt")),
        row.ETag);

    (int Shard, string From) ParseNext(string next) =>
        next.Length > 3 && next[2] == '~' && int.TryParse(next.AsSpan(0, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var shard) && shard < Shards && IsId(next[3..])
            ? (shard, next[3..])
            : throw new InvalidRequestException("next must be as the page before gave it.");
}
