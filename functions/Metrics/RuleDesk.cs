using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Schedules;
using Watchdesk.Tenants;

namespace Watchdesk.Metrics;

/// <summary>What people do with rules.</summary>
public sealed class RuleDesk(RuleStore store, RuleActions actions, RuleTeller teller, DueIndex due, TimeProvider clock)
{
    /// <summary>A new rule is evaluated with the next tick.</summary>
    /// <exception cref="FormatException">The rule is wrong; the text says where.</exception>
    /// <exception cref="InvalidRequestException">An action is wrong, or there are too many rules.</exception>
    /// <exception cref="RuleNameTakenException">Another rule has its name.</exception>
    public async Task<RuleRow> CreateAsync(Caller caller, RuleRequest request, CancellationToken cancellationToken)
    {
        var now = Now();
        var rule = Rule.Of(Keys.NewId(now), request, now);
        var accepted = await actions.AcceptAsync(caller.Tenant, rule, request.Actions, caller.Role >= Role.Admin, cancellationToken);
        var (known, _) = await store.ListAsync(caller.Tenant, RuleStore.MaxRules, null, cancellationToken);
        CheckName(rule, known);
        if (known.Count == RuleStore.MaxRules)
        {
            throw new InvalidRequestException($"A tenant has at most {RuleStore.MaxRules} rules.");
        }

        await due.AddAsync([EvaluateRules.Due(caller.Tenant, rule.Id, now), ExpectationWalk.First(RuleStore.Walked.Name, caller.Tenant, 0, now)], now, cancellationToken);
        await actions.StoreAsync(caller.Tenant, rule, accepted, cancellationToken);
        return await store.AddAsync(caller.Tenant, rule with { Actions = [.. accepted.Select(actions.Show)] }, new RuleState(now, DueIndex.IndexedAt(now, now)), cancellationToken);
    }

    /// <summary>Replaces the definition; how it stands stays until the next evaluation, which is the next tick's. Null when there is no such rule.</summary>
    /// <exception cref="FormatException">The rule is wrong; the text says where.</exception>
    /// <exception cref="InvalidRequestException">An action is wrong.</exception>
    /// <exception cref="RuleNameTakenException">Its new name is that of another rule.</exception>
    public async Task<RuleRow?> ReplaceAsync(Caller caller, string id, RuleRequest request, CancellationToken cancellationToken)
    {
        while (await store.GetAsync(caller.Tenant, id, cancellationToken) is { } row)
        {
            var now = Now();
            var rule = Rule.Of(id, request, row.Rule.CreatedAt);
            if (rule.Name != row.Rule.Name)
            {
                CheckName(rule, (await store.ListAsync(caller.Tenant, RuleStore.MaxRules, null, cancellationToken)).Rows);
            }

            var accepted = await actions.AcceptAsync(caller.Tenant, rule, request.Actions, caller.Role >= Role.Admin, cancellationToken);
            await due.AddAsync([EvaluateRules.Due(caller.Tenant, id, now)], now, cancellationToken);
            await actions.StoreAsync(caller.Tenant, rule, accepted, cancellationToken);
            rule = rule with { Actions = [.. accepted.Select(actions.Show)] };
            // Of another severity it has turned, so that its open incident hears of it.
            var turn = row.State.IsFiring && rule.Severity != row.Rule.Severity ? row.State.Turn + 1 : row.State.Turn;
            if (await store.ReplaceAsync(row with { Rule = rule, State = row.State with { Turn = turn, NextAt = now, IndexedAt = DueIndex.IndexedAt(now, now) } }, cancellationToken) is { } replaced)
            {
                return replaced;
            }
        }

        return null;
    }

    /// <summary>Ends what it has alarmed of. False when there is no such rule.</summary>
    public async Task<bool> DeleteAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        if (await store.GetAsync(tenant, id, cancellationToken) is not { } row)
        {
            return false;
        }

        var now = Now();
        await due.AddAsync([EvaluateRules.Forget(tenant, id, now)], now, cancellationToken);
        await teller.TellDeletedAsync(row, now, cancellationToken);
        await store.DeleteAsync(tenant, id, cancellationToken);
        return true;
    }

    static void CheckName(Rule rule, IReadOnlyList<RuleRow> known)
    {
        if (known.FirstOrDefault(row => row.Rule.Name == rule.Name && row.Rule.Id != rule.Id) is { } other)
        {
            throw new RuleNameTakenException(rule.Name, other.Rule.Id);
        }
    }

    /// <summary>Index rows hold milliseconds.</summary>
    DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
}

/// <summary>Another rule of the tenant has this name.</summary>
public sealed class RuleNameTakenException(string name, string id)
    : Exception($"There is a rule {name} already. Give this one another name, or change that one: PUT /api/v1/rules/{id}.");
