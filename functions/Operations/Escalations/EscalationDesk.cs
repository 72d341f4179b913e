using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Incidents;
using Watchdesk.Notices;
using Watchdesk.Tenants;
using Watchdesk.Tenants.People;

namespace Watchdesk.Operations.Escalations;

/// <param name="Name">1 to 100 characters.</param>
/// <param name="MinSeverity">critical when left out.</param>
/// <param name="Org">Pattern of paths; everything when left out.</param>
/// <param name="Steps">1 to 20, at least one of them tells somebody.</param>
/// <param name="Repeat">0 to 5.</param>
public sealed record PolicyRequest(string? Name, Severity MinSeverity = Severity.Critical, string? Org = null, IReadOnlyList<EscalationStep>? Steps = null, int Repeat = 0);

public sealed record PolicyList(IReadOnlyList<EscalationPolicy> Items, string? Next = null);

/// <summary>Makes and changes policies: the one way for API and pages.</summary>
public sealed class EscalationDesk(EscalationStore store, TenantStore tenants, UserStore users, Groups groups, ChannelStore channels, TimeProvider clock)
{
    const int MaxPolicies = 20;
    const int MaxSteps = 20;
    const int MaxRepeat = 5;
    const int MaxName = 100;
    static readonly TimeSpan ShortestWait = TimeSpan.FromMinutes(1);
    static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <param name="id">Null for a new one.</param>
    /// <returns>Null when there is none of this id.</returns>
    /// <exception cref="InvalidRequestException">The text says what is wrong.</exception>
    public async Task<EscalationPolicy?> SaveAsync(string tenant, string? id, PolicyRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var policies = await store.PoliciesAsync(tenant, cancellationToken);
        if (id is not null && policies.All(policy => policy.Id != id))
        {
            return null;
        }

        if (id is null && policies.Count >= MaxPolicies)
        {
            throw new InvalidRequestException($"A tenant has at most {MaxPolicies} escalation policies: change or delete one.");
        }

        var saved = new EscalationPolicy(id ?? Keys.NewId(clock.GetUtcNow()), NameOf(request), request.MinSeverity, request.Org is { Length: > 0 } org ? OrgPath.Parse(org).Text : null, await StepsAsync(tenant, request.Steps ?? [], cancellationToken), RepeatOf(request));
        await store.PutAsync(tenant, saved, cancellationToken);
        await MarkAsync(tenant, escalates: true, cancellationToken);
        return saved;
    }

    /// <summary>False when there is none of this id.</summary>
    public async Task<bool> DeleteAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        var policies = await store.PoliciesAsync(tenant, cancellationToken);
        if (policies.All(policy => policy.Id != id))
        {
            return false;
        }

        await store.DeleteAsync(tenant, id, cancellationToken);
        await MarkAsync(tenant, escalates: policies.Count > 1, cancellationToken);
        return true;
    }

    async Task MarkAsync(string tenant, bool escalates, CancellationToken cancellationToken)
    {
        if (await tenants.GetAsync(tenant, cancellationToken) is { } known && known.Escalates != escalates)
        {
            await tenants.UpdateAsync(known with { Escalates = escalates }, cancellationToken);
        }
    }

    async Task<IReadOnlyList<EscalationStep>> StepsAsync(string tenant, IReadOnlyList<EscalationStep> steps, CancellationToken cancellationToken)
    {
        if (steps.Count is 0 or > MaxSteps || steps.All(step => step.Notify is null))
        {
            throw new InvalidRequestException($"steps has 1 to {MaxSteps}, and at least one tells somebody: {{\"notify\":\"onCall\"}}, {{\"wait\":\"00:10:00\"}}, {{\"notify\":\"group\",\"id\":\"…\"}}.");
        }

        foreach (var step in steps)
        {
            await CheckAsync(tenant, step, cancellationToken);
        }

        return steps;
    }

    async Task CheckAsync(string tenant, EscalationStep step, CancellationToken cancellationToken)
    {
        if (step.Wait is { } wait)
        {
            if (step.Notify is not null || step.Id is not null || wait < ShortestWait || wait > LongestWait)
            {
                throw new InvalidRequestException($"A step either waits, {ShortestWait:c} to {LongestWait:c}, or tells somebody.");
            }

            return;
        }

        var isThere = step.Notify switch
        {
            EscalationTarget.OnCall => step.Id is null,
            EscalationTarget.Person => SubscriptionDesk.IsId(step.Id ?? "") && await users.GetAsync(tenant, step.Id!, cancellationToken) is not null,
            EscalationTarget.Group => await groups.GetAsync(tenant, step.Id ?? "", cancellationToken) is not null,
            EscalationTarget.Channel => ChannelsApi.IsId(step.Id ?? "") && await channels.GetAsync(tenant, step.Id!, cancellationToken) is not null,
            _ => throw new InvalidRequestException("A step has notify or wait."),
        };
        if (!isThere)
        {
            throw new InvalidRequestException(step.Notify == EscalationTarget.OnCall ? "notify onCall takes no id." : $"There is no {step.Notify.ToString()!.ToLowerInvariant()} with the id \"{step.Id}\".");
        }
    }

    static string NameOf(PolicyRequest request) => request.Name?.Trim() is { Length: > 0 and <= MaxName } name && !name.Any(char.IsControl) ? name : throw new InvalidRequestException($"name has 1 to {MaxName} characters.");

    static int RepeatOf(PolicyRequest request) => request.Repeat is >= 0 and <= MaxRepeat && Enum.IsDefined(request.MinSeverity) ? request.Repeat : throw new InvalidRequestException($"repeat is 0 to {MaxRepeat}.");
}
