using Watchdesk.Clients;
using Watchdesk.Hosting;

namespace Watchdesk.Mail.Rules;

/// <summary>What people do with mail rules.</summary>
public sealed class MailRuleDesk(MailRuleStore store, UnclassifiedMails unclassified, TimeProvider clock)
{
    const int Gap = 10;
    const int MaxAttempts = 10;

    /// <param name="before">Id of the rule that it is to stand before; null for where its order says, or behind the last.</param>
    /// <exception cref="FormatException">An expression is wrong; the error points at the column.</exception>
    /// <exception cref="InvalidRequestException">Something else is wrong.</exception>
    public async Task<MailRuleRow> CreateAsync(string tenant, MailRuleRequest request, string? before, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var id = Keys.NewId(now);
        return (await ChangeAsync(tenant, id, before, rows =>
        {
            if (rows.Count >= MailRuleStore.MaxRules)
            {
                throw new InvalidRequestException($"A tenant has at most {MailRuleStore.MaxRules} mail rules. Delete one, or let one do the work of two.");
            }

            return new MailRuleRow(MailRule.Of(id, request, request.Order ?? Math.Min(MailRule.MaxOrder, (rows.Count > 0 ? rows[^1].Rule.Order : 0) + Gap), now));
        }, cancellationToken))!;
    }

    /// <summary>Null when there is no such rule.</summary>
    /// <exception cref="FormatException">An expression is wrong; the error points at the column.</exception>
    /// <exception cref="InvalidRequestException">Something else is wrong.</exception>
    public Task<MailRuleRow?> ReplaceAsync(string tenant, string id, MailRuleRequest request, CancellationToken cancellationToken) =>
        ChangeAsync(tenant, id, null, rows => Find(rows, id) is { } row ? row with { Rule = MailRule.Of(id, request, request.Order ?? row.Rule.Order, row.Rule.CreatedAt) } : null, cancellationToken);

    /// <summary>Null when there is no such rule.</summary>
    /// <param name="before">Null for behind the last.</param>
    /// <exception cref="InvalidRequestException">There is no rule <paramref name="before"/>.</exception>
    public Task<MailRuleRow?> MoveAsync(string tenant, string id, string? before, CancellationToken cancellationToken) =>
        ChangeAsync(tenant, id, before ?? "", rows => Find(rows, id), cancellationToken);

    /// <summary>Mails that it took keep what it said. False when there is no such rule.</summary>
    public Task<bool> DeleteAsync(string tenant, string id, CancellationToken cancellationToken) => store.DeleteAsync(tenant, id, cancellationToken);

    /// <summary>Decided anew when somebody else was faster.</summary>
    /// <param name="before">Empty for behind the last, null for where its order says.</param>
    async Task<MailRuleRow?> ChangeAsync(string tenant, string id, string? before, Func<IReadOnlyList<MailRuleRow>, MailRuleRow?> decide, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var rows = await store.ListAsync(tenant, cancellationToken);
            if (decide(rows) is not { } changed)
            {
                return null;
            }

            if (rows.Any(row => row.Rule.Id != id && row.Rule.Name == changed.Rule.Name))
            {
                throw new InvalidRequestException($"There is a mail rule {changed.Rule.Name} already; a mail shows its rule by name, so give another.");
            }

            var wanted = before is null ? [changed] : Placed(rows, changed, before);
            if (wanted.Count == 0)
            {
                return changed;
            }

            if (await store.WriteAsync(tenant, wanted, cancellationToken) is { } written)
            {
                await unclassified.SweepAsync(tenant, [.. (await store.ListAsync(tenant, cancellationToken)).Select(row => row.Rule)], cancellationToken);
                return written.FirstOrDefault(row => row.Rule.Id == id) ?? changed;
            }
        }

        throw new InvalidRequestException("Others are changing the mail rules at this moment; send the same again.");
    }

    static MailRuleRow? Find(IReadOnlyList<MailRuleRow> rows, string id) => rows.FirstOrDefault(row => row.Rule.Id == id);

    /// <summary>The rules whose number changes when it stands there, itself among them when it is new.</summary>
    static IReadOnlyList<MailRuleRow> Placed(IReadOnlyList<MailRuleRow> rows, MailRuleRow changed, string before)
    {
        var order = rows.Where(row => row.Rule.Id != changed.Rule.Id).ToList();
        var at = before.Length == 0 ? order.Count : order.FindIndex(row => row.Rule.Id == before);
        if (at < 0 && before != changed.Rule.Id)
        {
            throw new InvalidRequestException($"before: there is no mail rule {before}.");
        }

        if (at < 0)
        {
            return [];
        }

        order.Insert(at, changed);
        return [.. order.Select((row, n) => row with { Rule = row.Rule with { Order = (n + 1) * Gap } }).Where(row => row.ETag.Length == 0 || row.Rule.Order != rows.First(known => known.Rule.Id == row.Rule.Id).Rule.Order)];
    }
}
