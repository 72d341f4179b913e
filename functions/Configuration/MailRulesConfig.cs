using System.Text.Json;
using Watchdesk.Hosting;
using Watchdesk.Mail;
using Watchdesk.Mail.Rules;
using Watchdesk.Tenants;

namespace Watchdesk.Configuration;

/// <summary>Mail rules in a document, known by their name.</summary>
sealed class MailRulesConfig(MailRuleDesk desk, MailRuleStore store, TimeProvider clock) : IConfigKind
{
    public string Member => "mailRules";

    public string Noun => "mail rule";

    public int Most => MailRuleStore.MaxRules;

    public async Task<IReadOnlyList<ConfigEntry>> ReadAsync(string tenant, CancellationToken cancellationToken)
    {
        var rows = await store.ListAsync(tenant, cancellationToken);
        ConfigEntry.TellApart(Member, rows.Select(row => row.Rule.Name));
        return [.. rows.Select(row => EntryOf(row.Rule, token => desk.DeleteAsync(tenant, row.Rule.Id, token)))];
    }

    /// <summary>One without an order keeps the one it has.</summary>
    public Task<ConfigEntry> CheckAsync(Caller caller, JsonElement item, IReadOnlyDictionary<string, ConfigEntry> stored, CancellationToken cancellationToken)
    {
        var request = item.Deserialize(MailJson.Default.MailRuleRequest)!;
        var before = stored.GetValueOrDefault(request.Name?.Trim() ?? "")?.Stored as MailRule;
        var order = request.Order ?? before?.Order ?? throw new InvalidRequestException("order is missing: a number such as 10, 20, 30. The lowest is tried first.");
        var wanted = MailRule.Of(before?.Id ?? "", request, order, clock.GetUtcNow());
        return Task.FromResult(EntryOf(wanted, before is null
            ? token => desk.CreateAsync(caller.Tenant, request, null, token)
            : token => desk.ReplaceAsync(caller.Tenant, before.Id, request, token)));
    }

    static ConfigEntry EntryOf(MailRule rule, Func<CancellationToken, Task> apply)
    {
        var definition = new MailRuleRequest(rule.Name, rule.Match, rule.Set, rule.IsEnabled, rule.Order);
        return new ConfigEntry(rule.Name, JsonSerializer.SerializeToElement(definition, MailJson.Default.MailRuleRequest)) { Stored = rule, ApplyAsync = apply };
    }
}
