using Watchdesk.Hosting.Durable;
using Watchdesk.Operations.Providers;
using Watchdesk.Tenants;

namespace Watchdesk.Operations;

/// <summary>Resolves, authorises by what the asker may do now, previews, and asks another person when something changes.</summary>
sealed class PrepareOperation(OperationStore store, ProviderStore providers, ProviderVault vault, TenantStore tenants, UserStore users, Approvers approvers, OperationTeller teller, TimeProvider clock)
{
    public static readonly Activity<OperationInput, OperationPlan> Function = new(nameof(PrepareOperation), OperationsData.Default.OperationInput, OperationsData.Default.OperationPlan);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapActivity(Function, (context, input, cancellationToken) =>
        routes.ServiceProvider.GetRequiredService<PrepareOperation>().RunAsync(context.InstanceId, input, cancellationToken));

    /// <param name="run">Who is told from now on when the row has changed.</param>
    async Task<OperationPlan> RunAsync(string run, OperationInput input, CancellationToken cancellationToken)
    {
        if (await store.GetAsync(input.Tenant, input.Id, cancellationToken) is not { IsOver: false } operation || await tenants.GetAsync(input.Tenant, cancellationToken) is not { } tenant)
        {
            return OperationPlan.Refused("It has ended already.");
        }

        var match = Resolving.Of(await providers.ReadAsync(input.Tenant, cancellationToken), operation);
        if (!match.IsRunnable || await RoleAsync(operation, cancellationToken) < match.Role)
        {
            return OperationPlan.Refused(match.IsRunnable ? Resolving.NotAllowed(match, operation.By) : Resolving.Reason(match));
        }

        if (operation.Stage != OperationStage.Asked && (match.Preview != operation.Preview || match.Target != operation.Target))
        {
            return OperationPlan.Refused("What this means has changed since it was previewed. Ask again.");
        }

        var now = clock.GetUtcNow();
        operation = operation.Stage == OperationStage.Asked ? operation with { IsDryRun = tenant.Operations.IsDryRun } : operation;
        var plan = OperationPlan.Of(match, operation, await vault.NamesAsync(input.Tenant, match.Provider!.Id, cancellationToken));
        var approval = await ApprovalAsync(operation, match, plan, tenant.Operations, now, cancellationToken);
        var prepared = await store.ChangeAsync(input.Tenant, input.Id, stored =>
            (stored.Stage == OperationStage.Asked ? Prepared(stored, match, plan, approval, operation.IsDryRun, now) : stored) with { Run = run }, cancellationToken);
        if (prepared?.Approval is { IsApproved: null } asked && !prepared.IsOver)
        {
            await teller.AskAsync(prepared, asked, cancellationToken);
        }

        return plan;
    }

    static Operation Prepared(Operation stored, Match match, OperationPlan plan, Approval? approval, bool isDryRun, DateTimeOffset now) => stored with
    {
        Stage = approval is null ? OperationStage.Target : OperationStage.Approval,
        Provider = match.Provider!.Id,
        What = match.Intent?.Name,
        Target = match.Target,
        Preview = match.Preview,
        ChangesAnything = match.ChangesAnything,
        IsDryRun = isDryRun,
        Approval = approval,
        Waits = approval is null ? null : "another person's approval",
        Steps = [.. plan.Steps.Select(step => new OperationStep(step.Name, step.Changes))],
        Patience = plan.Longest + TimeSpan.FromMinutes(30),
        StuckAt = (approval?.Deadline ?? now) + plan.Longest + TimeSpan.FromMinutes(30),
    };

    /// <summary>Null when nobody need approve: nothing changes, it is only tried, or an admin has switched the rule off.</summary>
    async Task<Approval?> ApprovalAsync(Operation operation, Match match, OperationPlan plan, OperationRules rules, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!match.ChangesAnything || operation.IsDryRun || rules.IsApprovalOff)
        {
            return null;
        }

        var deadline = now + rules.ApproveWithin;
        return new Approval(Approval.Fingerprint(operation, match, plan, deadline), deadline, (await approvers.OfAsync(operation, cancellationToken)).Sentence);
    }

    /// <summary>A key has the role that it had; a person whatever an admin has made of it since.</summary>
    async Task<Role> RoleAsync(Operation operation, CancellationToken cancellationToken) =>
        await users.GetAsync(operation.Tenant, operation.By.Id, cancellationToken) is { } user ? user.IsDisabled ? Role.None : user.Role : operation.By.Role;
}
