using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Metrics;
using Watchdesk.Notices;
using Watchdesk.Tenants;

namespace Watchdesk.Configuration;

/// <summary>Threshold rules in a document, known by their name. Where their actions go is a secret as in a channel.</summary>
sealed class RulesConfig(RuleDesk desk, RuleStore store, RuleActions actions, ChannelStore channels, TimeProvider clock) : IConfigKind
{
    const int PageSize = 200;

    public string Member => "rules";

    public string Noun => "rule";

    public int Most => RuleStore.MaxRules;

    public async Task<IReadOnlyList<ConfigEntry>> ReadAsync(string tenant, CancellationToken cancellationToken)
    {
        var entries = new List<ConfigEntry>();
        string? next = null;
        do
        {
            (var page, next) = await store.ListAsync(tenant, PageSize, next, cancellationToken);
            foreach (var rule in page.Select(row => row.Rule))
            {
                var own = rule.Actions.Count > 0 ? await channels.ListOwnedAsync(tenant, rule.Subject, cancellationToken) : [];
                entries.Add(EntryOf(rule, own, token => desk.DeleteAsync(tenant, rule.Id, token)));
            }
        }
        while (next is not null);
        ConfigEntry.TellApart(Member, entries.Select(entry => entry.Name));
        return entries;
    }

    public async Task<ConfigEntry> CheckAsync(Caller caller, JsonElement item, IReadOnlyDictionary<string, ConfigEntry> stored, CancellationToken cancellationToken)
    {
        var request = item.Deserialize(MetricsJson.Default.RuleRequest)!;
        var before = stored.GetValueOrDefault(request.Name?.Trim() ?? "")?.Stored as Rule;
        var rule = Rule.Of(before?.Id ?? Keys.NewId(clock.GetUtcNow()), request, clock.GetUtcNow());
        var accepted = await actions.AcceptAsync(caller.Tenant, rule, request.Actions, mayChooseHost: true, cancellationToken);
        return EntryOf(rule with { Actions = [.. accepted.Select(actions.Show)] }, accepted, before is null
            ? token => desk.CreateAsync(caller, request, token)
            : token => desk.ReplaceAsync(caller, rule.Id, request, token));
    }

    static ConfigEntry EntryOf(Rule rule, IReadOnlyList<Channel> own, Func<CancellationToken, Task> apply)
    {
        var definition = new RuleRequest(rule.Name, rule.Namespace, rule.Frequency, rule.ConditionText, rule.Actions, Incidents.Words.Of(rule.Severity), rule.Dimensions);
        return new ConfigEntry(rule.Name, JsonSerializer.SerializeToElement(definition, MetricsJson.Default.RuleRequest))
        {
            Hidden = string.Join('\n', own.OrderBy(channel => channel.Id, StringComparer.Ordinal).Select(channel => channel.Settings)),
            Stored = rule,
            ApplyAsync = apply,
        };
    }
}
