using Watchdesk.Hosting.Durable;
using Watchdesk.Notices;
using Watchdesk.Operations.Providers;
using Watchdesk.Operations.Runners;

namespace Watchdesk.Operations;

/// <param name="Step">Which; <see cref="Undo"/> for what undoes it.</param>
/// <param name="Result">Null when it begins.</param>
public sealed record NoteInput(string Tenant, string Id, int Step, StepResult? Result)
{
    public const int Undo = -1;
}

/// <param name="CancelledBy">It must not go on.</param>
/// <param name="MustUndo">Something was changed, or nobody knows whether it was.</param>
/// <param name="Refusal">Why the step must not begin.</param>
public sealed record NoteAnswer(string? CancelledBy, bool MustUndo, string? Refusal = null);

/// <summary>The checkpoint at the beginning and at the end of each step.</summary>
sealed class NoteStep(OperationStore store, ProviderStore providers, ProviderVault vault, TimeProvider clock)
{
    public static readonly Activity<NoteInput, NoteAnswer> Function = new(nameof(NoteStep), OperationsData.Default.NoteInput, OperationsData.Default.NoteAnswer);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapActivity(Function, (_, input, cancellationToken) =>
        routes.ServiceProvider.GetRequiredService<NoteStep>().RunAsync(input, cancellationToken));

    async Task<NoteAnswer> RunAsync(NoteInput input, CancellationToken cancellationToken)
    {
        if (input.Result is null && await IsOtherThanApprovedAsync(input, cancellationToken))
        {
            return new NoteAnswer(null, false, "What it does has been changed since it was approved, in the data of its provider; nothing was run. Ask for it again, so that it is approved as it is now.");
        }

        var now = clock.GetUtcNow();
        var noted = await store.ChangeAsync(input.Tenant, input.Id, operation => operation.IsOver ? null : After(operation, input, now), cancellationToken);
        return noted is null or { IsOver: true } ? new NoteAnswer("Watchdesk, since it has ended", false) : new NoteAnswer(input.Step == NoteInput.Undo ? null : noted.CancelledBy, MustUndo(noted));
    }

    /// <summary>Looked at when the first step that changes something begins.</summary>
    async Task<bool> IsOtherThanApprovedAsync(NoteInput input, CancellationToken cancellationToken)
    {
        var operation = await store.GetAsync(input.Tenant, input.Id, cancellationToken);
        if (operation?.Approval is not { } approval || operation.Steps.ElementAtOrDefault(input.Step) is not { Changes: true } || operation.Steps.Any(step => step.Changes && step.State != StepState.Waiting))
        {
            return false;
        }

        var match = Resolving.Of(await providers.ReadAsync(input.Tenant, cancellationToken), operation);
        return !match.IsRunnable
            || Approval.Fingerprint(operation, match, OperationPlan.Of(match, operation, await vault.NamesAsync(input.Tenant, match.Provider!.Id, cancellationToken)), approval.Deadline) != approval.Seen;
    }

    /// <summary>A step that was cancelled before it began does not begin.</summary>
    internal static Operation After(Operation operation, NoteInput input, DateTimeOffset now)
    {
        var isUndo = input.Step == NoteInput.Undo;
        if (input.Result is null && operation.CancelledBy is not null && !isUndo)
        {
            return operation;
        }

        var index = isUndo ? operation.Steps.Count(step => step.Name != UndoName) : input.Step;
        IReadOnlyList<OperationStep> steps = isUndo && operation.Steps.All(step => step.Name != UndoName) ? [.. operation.Steps, new OperationStep(UndoName, true)] : operation.Steps;
        var changed = operation with
        {
            Stage = isUndo ? OperationStage.Undoing : OperationStage.Running,
            Steps = [.. steps.Select((step, n) => n == index ? Moved(step, input.Result, now) : step)],
            StuckAt = now + operation.Patience,
        };
        return input.Result is { } result && (!isUndo || !result.Succeeded)
            ? changed with { Command = result.Command.Length > 0 && index == FirstRun(steps) ? Shown(result) : changed.Command ?? Shown(result), Output = result.Output.Length > 0 ? result.Output : changed.Output }
            : changed;
    }

    static string Shown(StepResult result) => NoticeText.Shorten(result.Command, MaxText);

    /// <summary>The step of which people want to see what was run.</summary>
    static int FirstRun(IReadOnlyList<OperationStep> steps) => Math.Max(0, steps.ToList().FindIndex(step => !step.Name.StartsWith("drain: ", StringComparison.Ordinal)));

    const string UndoName = "undo";

    /// <summary>Of a command or an error in a row.</summary>
    const int MaxText = 4000;

    static OperationStep Moved(OperationStep step, StepResult? result, DateTimeOffset now) => result is null
        ? step.State < StepState.Running ? step with { State = StepState.Running, BeganAt = now } : step
        : step.State is StepState.Done or StepState.Failed ? step : step with
        {
            State = result.Succeeded ? StepState.Done : StepState.Failed,
            EndedAt = now,
            Command = NoticeText.Shorten(result.Command, MaxText),
            ExitStatus = result.ExitStatus,
            Error = result.Error is { } error ? NoticeText.Shorten(error, MaxText) : null,
        };

    /// <summary>A failed step without a status may have done all of it.</summary>
    static bool MustUndo(Operation operation) => !operation.IsDryRun && operation.Steps.Any(step => step.Changes && step.Name != UndoName && (step.State == StepState.Done || step is { State: StepState.Failed, ExitStatus: null }));
}
