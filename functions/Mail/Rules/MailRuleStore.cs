using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Tenants;

namespace Watchdesk.Mail.Rules;

/// <summary>A mail rule as it is stored.</summary>
/// <param name="Matched">Mails that it took, each counted once.</param>
/// <param name="Counted">The last queue messages that are counted in it.</param>
/// <param name="ETag">Empty until it is stored.</param>
public sealed record MailRuleRow(MailRule Rule, long Matched = 0, DateTimeOffset? MatchedAt = null, IReadOnlyList<Guid>? Counted = null, string ETag = "");

/// <summary>The table mailrules, PK tenant, RK id: the definition in <c>D</c>, which goes to the event log, and what it matched.</summary>
public sealed class MailRuleStore(ITables tables, EventLog log, TimeProvider clock)
{
    /// <summary>Per tenant: all of them fit one transaction.</summary>
    public const int MaxRules = 100;

    const int MessagesRemembered = 64;
    const int MaxAttempts = 5;

    /// <summary>A definition is the same for ever, and costs most when its expressions are built.</summary>
    readonly Remembered<MailRule> _built = new(1000, TimeSpan.FromHours(1));

    /// <summary>In the order in which they are tried.</summary>
    public async Task<IReadOnlyList<MailRuleRow>> ListAsync(string tenant, CancellationToken cancellationToken)
    {
        var rows = new List<MailRuleRow>();
        await foreach (var row in tables.QueryAllAsync(new TableQuery(Tables.MailRules, tenant), cancellationToken))
        {
            rows.Add(Read(row));
        }

        return [.. rows.OrderBy(row => row.Rule.Order).ThenBy(row => row.Rule.Id, StringComparer.Ordinal)];
    }

    /// <summary>Null when one of them changed since it was read; then none is written.</summary>
    public async Task<IReadOnlyList<MailRuleRow>?> WriteAsync(string tenant, IReadOnlyList<MailRuleRow> rows, CancellationToken cancellationToken)
    {
        var writes = rows.Select(row => (row.ETag, Row: Definition(tenant, row.Rule))).Select(write => write.ETag.Length == 0 ? TableWrite.Insert(write.Row) : TableWrite.Merge(write.Row, write.ETag)).ToArray();
        await log.AppendRowsAsync(tenant, [.. writes.Select(write => (Tables.MailRules, write.Row))], cancellationToken);
        var result = await tables.WriteAsync(Tables.MailRules, writes, cancellationToken);
        return result.IsDone ? [.. rows.Zip(result.ETags, (row, etag) => row with { ETag = etag ?? "" })] : null;
    }

    /// <summary>False when it was not there.</summary>
    public async Task<bool> DeleteAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        if (!IsId(id) || await tables.GetAsync(Tables.MailRules, tenant, id, ["RowKey"], cancellationToken) is null)
        {
            return false;
        }

        await log.AppendDeletedAsync(tenant, [(Tables.MailRules, new TableRow(tenant, id))], cancellationToken);
        await tables.WriteAsync(Tables.MailRules, TableWrite.Delete(tenant, id), cancellationToken);
        return true;
    }

    /// <summary>One write for all of a batch. A message that is delivered again is known by its id and not counted again.</summary>
    public async Task CountAsync(string tenant, IReadOnlyList<(string Message, string Rule)> matches, DateTimeOffset now, CancellationToken cancellationToken)
    {
        for (var attempt = 0; matches.Count > 0 && attempt < MaxAttempts; attempt++)
        {
            var known = (await ListAsync(tenant, cancellationToken)).ToDictionary(row => row.Rule.Id, StringComparer.Ordinal);
            TableWrite[] writes = [.. matches.GroupBy(match => match.Rule, StringComparer.Ordinal).Where(rule => known.ContainsKey(rule.Key)).Select(rule => Counted(tenant, known[rule.Key], [.. rule.Select(match => match.Message)], now)).OfType<TableWrite>()];
            if (writes.Length == 0 || (await tables.WriteAsync(Tables.MailRules, writes, cancellationToken)).IsDone)
            {
                return;
            }
        }
    }

    public static bool IsId(string id) => MailStore.IsId(id);

    static TableWrite? Counted(string tenant, MailRuleRow row, IReadOnlyList<string> messages, DateTimeOffset now)
    {
        var counted = row.Counted ?? [];
        var fresh = messages.Select(Guid.Parse).Where(message => !counted.Contains(message)).ToArray();
        return fresh.Length == 0 ? null : TableWrite.Merge(
            new TableRow(tenant, row.Rule.Id)
            {
                ["Matched"] = row.Matched + fresh.Length,
                ["MatchedAt"] = now,
                ["Counted"] = counted.Concat(fresh.Distinct()).TakeLast(MessagesRemembered).SelectMany(message => message.ToByteArray()).ToArray(),
            },
            row.ETag);
    }

    static TableRow Definition(string tenant, MailRule rule) => new(tenant, rule.Id) { ["V"] = 1, ["D"] = JsonSerializer.Serialize(rule, MailJson.Compact.MailRule) };

    MailRuleRow Read(TableRow row)
    {
        var (text, now) = (row.Text("D")!, clock.GetUtcNow());
        if (_built.Get(text, now) is not { } rule)
        {
            rule = JsonSerializer.Deserialize(text, MailJson.Compact.MailRule)!;
            _built.Set(text, rule, now);
        }

        Guid[] counted = [.. (row.Bytes("Counted") ?? []).Chunk(16).Select(bytes => new Guid(bytes))];
        return new MailRuleRow(rule, row.Number("Matched"), row.Time("MatchedAt"), counted, row.ETag ?? "*");
    }
}
