using Watchdesk.Hosting.Durable;
using Watchdesk.Notices;

namespace Watchdesk.Operations;

/// <summary>What must be so before it goes on.</summary>
public enum Gate
{
    Approval,
    Target,
    Cancelled,
}

public sealed record GateInput(string Tenant, string Id, Gate Gate);

/// <param name="LookAgainAt">It waits; null when it may go on, or must not.</param>
/// <param name="Refusal">Why it must not.</param>
public sealed record GateAnswer(DateTimeOffset? LookAgainAt = null, string? Refusal = null);

/// <summary>Reads from the operation's row whether it may go on: what an event says is never believed.</summary>
sealed class PassGate(OperationStore store, TimeProvider clock)
{
    public static readonly Activity<GateInput, GateAnswer> Function = new(nameof(PassGate), OperationsData.Default.GateInput, OperationsData.Default.GateAnswer);

    /// <summary>After it the one who waits for a target is told who has it.</summary>
    internal static readonly TimeSpan LongestQueue = TimeSpan.FromMinutes(30);
    static readonly TimeSpan AskForTarget = TimeSpan.FromSeconds(20);

    /// <summary>Also when the event of an approval went to an instance that was just being lost.</summary>
    static readonly TimeSpan LookAtLeast = TimeSpan.FromMinutes(15);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapActivity(Function, (_, input, cancellationToken) =>
        routes.ServiceProvider.GetRequiredService<PassGate>().RunAsync(input, cancellationToken));

    async Task<GateAnswer> RunAsync(GateInput input, CancellationToken cancellationToken)
    {
        var operation = await store.GetAsync(input.Tenant, input.Id, cancellationToken);
        return operation switch
        {
            null or { IsOver: true } => new GateAnswer(Refusal: operation?.Reason ?? "It has ended already."),
            { CancelledBy: { } by } => new GateAnswer(Refusal: $"Cancelled by {by}."),
            _ => input.Gate switch
            {
                Gate.Approval => Approved(operation, clock.GetUtcNow()),
                Gate.Target => await TakeAsync(operation, clock.GetUtcNow(), cancellationToken),
                _ => new GateAnswer(),
            },
        };
    }

    internal static GateAnswer Approved(Operation operation, DateTimeOffset now) => operation.Approval switch
    {
        null or { IsApproved: true } => new GateAnswer(),
        { IsApproved: false } no => new GateAnswer(Refusal: $"Rejected by {no.By}{(no.Why is { Length: > 0 } why ? $": {why}" : ".")}"),
        var asked when now >= asked.Deadline => new GateAnswer(Refusal: $"Nobody approved it until {NoticeText.At(asked.Deadline)}. Ask again when somebody is there."),
        var asked => new GateAnswer(asked.Deadline < now + LookAtLeast ? asked.Deadline : now + LookAtLeast),
    };

    async Task<GateAnswer> TakeAsync(Operation operation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var holder = operation.ChangesAnything && !operation.IsDryRun ? await store.TakeTargetAsync(operation, cancellationToken) : null;
        if (holder is not null && operation.QueuedAt + LongestQueue <= now)
        {
            return new GateAnswer(Refusal: $"{holder.By.Name} has had {operation.Target} for too long, by “{holder.Preview}”. Ask again when that has ended.");
        }

        await store.ChangeAsync(operation.Tenant, operation.Id, stored => stored.IsOver || stored.CancelledBy is not null ? null : holder is null
            ? stored with { Stage = OperationStage.Running, Waits = null, StuckAt = now + stored.Patience }
            : stored with { Stage = OperationStage.Target, Waits = $"{holder.By.Name}, who has {operation.Target}", QueuedAt = stored.QueuedAt ?? now, StuckAt = now + LongestQueue + stored.Patience }, cancellationToken);
        return holder is null ? new GateAnswer() : new GateAnswer(now + AskForTarget);
    }
}
