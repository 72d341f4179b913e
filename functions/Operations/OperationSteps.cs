using System.Globalization;
using Watchdesk.Hosting.Durable;
using Watchdesk.Operations.Providers;
using Watchdesk.Operations.Runners;

namespace Watchdesk.Operations;

/// <summary>The part of an orchestrator that goes through the steps of a plan, with a checkpoint before and after each.</summary>
sealed class OperationSteps(OrchestrationContext context, OperationInput input, OperationPlan plan, Nudges nudges)
{
    int children;

    /// <summary>Null when all was done; else why not, and what became of what was done.</summary>
    public async Task<string?> RunAsync()
    {
        for (var n = plan.Done; n < plan.Steps.Count; n++)
        {
            var begun = await NoteAsync(n, null);
            if (begun.Refusal is { } refusal)
            {
                return refusal;
            }

            var result = begun.CancelledBy is null ? await StepAsync(plan.Steps[n]) : null;
            var noted = result is null ? begun : await NoteAsync(n, result);
            var failure = noted.CancelledBy is { } by ? Cancelled(by, plan.Steps[n], result) : result is { Succeeded: true } ? null : result?.Error ?? "The step failed.";
            if (failure is not null)
            {
                return noted.MustUndo ? $"{failure} {await UndoAsync()}" : failure;
            }
        }

        return null;
    }

    static string Cancelled(string by, PlannedStep step, StepResult? result) => step.Changes && result is { Succeeded: false, ExitStatus: null }
        ? $"Cancelled by {by} while “{step.Name}” ran: what it had done by then is not known."
        : $"Cancelled by {by}.";

    Task<StepResult> StepAsync(PlannedStep step) => step switch
    {
        { Beat: { } beat } => BeatAsync(beat),
        { Verify: { } verify } => VerifyAsync(step.Step!, verify),
        _ => RunStepAsync(step.Step!),
    };

    /// <summary>Who cancels meanwhile, cancels the step too.</summary>
    async Task<StepResult> RunStepAsync(Step step)
    {
        var child = string.Create(CultureInfo.InvariantCulture, $"{context.InstanceId}:s{children++}");
        var running = context.CallAsync(RunStep.Function, step, child);
        while (await nudges.OrAsync(running))
        {
            if (await CancelledAsync() is { } by)
            {
                context.Send(child, RunStep.Cancel, by);
                break;
            }
        }

        return await running;
    }

    /// <summary>Asks until the answer is as expected, the time is over, or somebody cancels.</summary>
    async Task<StepResult> VerifyAsync(Step step, Verification verify)
    {
        for (var until = context.CurrentUtcTime + verify.Within; ;)
        {
            var result = await RunStepAsync(step);
            if (result.Succeeded && verify.IsMet(result.Output, step.Arguments))
            {
                return result;
            }

            if (context.CurrentUtcTime >= until)
            {
                return result with { Succeeded = false, Error = $"It was run, but within {verify.Within:c} nothing showed that it has worked. {result.Error}".TrimEnd() };
            }

            await nudges.WaitUntilAsync(context.CurrentUtcTime + verify.Every);
            if (await CancelledAsync() is { } by)
            {
                return result with { Succeeded = false, Error = by };
            }
        }
    }

    async Task<StepResult> BeatAsync(AwaitedBeat beat)
    {
        for (var until = context.CurrentUtcTime + beat.Within; ;)
        {
            var heard = await context.CallAsync(HearBeat.Function, new BeatInput(input.Tenant, input.Id, beat.Host), RunOperation.Retry);
            var cancelled = heard.Length > 0 ? null : await CancelledAsync();
            if (heard.Length > 0 || cancelled is not null || context.CurrentUtcTime >= until)
            {
                return new StepResult(heard.Length > 0, null, "", heard, heard.Length > 0 ? null : cancelled ?? $"No heartbeat has come within {beat.Within:c}. See whether the host has started and can reach Watchdesk.");
            }

            await nudges.WaitUntilAsync(context.CurrentUtcTime + beat.Every);
        }
    }

    /// <summary>A sentence on what became of undoing.</summary>
    async Task<string> UndoAsync()
    {
        if (plan.Undo is not { } undo)
        {
            return "What was done so far stays: nothing is known that undoes it.";
        }

        await NoteAsync(NoteInput.Undo, null);
        var result = await context.CallAsync(RunStep.Function, undo);
        await NoteAsync(NoteInput.Undo, result);
        return result.Succeeded ? $"It was undone by “{undo.Intent}”." : $"Undoing it by “{undo.Intent}” failed too: {result.Error} See to it by hand.";
    }

    Task<NoteAnswer> NoteAsync(int step, StepResult? result) => context.CallAsync(NoteStep.Function, new NoteInput(input.Tenant, input.Id, step, result), RunOperation.Retry);

    async Task<string?> CancelledAsync() => (await context.CallAsync(PassGate.Function, new GateInput(input.Tenant, input.Id, Gate.Cancelled), RunOperation.Retry)).Refusal;
}
