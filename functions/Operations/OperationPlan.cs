using Watchdesk.Operations.Providers;
using Watchdesk.Operations.Runners;
using Regex = System.Text.RegularExpressions.Regex;

namespace Watchdesk.Operations;

/// <summary>What the orchestrator has to do.</summary>
/// <param name="Refusal">Why nothing is done; null to go on.</param>
/// <param name="Done">Steps that an earlier run of it has done.</param>
/// <param name="Undo">What undoes the steps that change something; null when nothing does.</param>
public sealed record OperationPlan(string? Refusal, IReadOnlyList<PlannedStep> Steps, int Done, Step? Undo)
{
    /// <summary>Of its steps, the longest that one may take.</summary>
    public TimeSpan Longest { get; init; }

    public static OperationPlan Refused(string why) => new(why, [], 0, null);

    /// <summary>The steps of what was understood. A restart of a job host is drained before, and its first heartbeat awaited.</summary>
    /// <param name="operation">Its id names every effect, so that a step that is run twice acts once.</param>
    /// <param name="entered">What the tenant has entered for the provider, by name.</param>
    public static OperationPlan Of(Match match, Operation operation, IReadOnlyCollection<string> entered)
    {
        ArgumentNullException.ThrowIfNull(match);
        ArgumentNullException.ThrowIfNull(operation);
        var user = operation.By.Person == operation.By.Name ? operation.By.Id : null;
        var main = match.ToStep(operation.Tenant, $"{operation.Id}:run", operation.IsDryRun, user) with { Operation = operation.Id };
        var steps = new List<PlannedStep>();
        if (HostRestart.DrainOf(match, entered) is { } drain)
        {
            steps.Add(new PlannedStep($"drain: {drain.Name}", true, Other(drain.Name, "drain")));
        }

        steps.Add(new PlannedStep(match.Preview, match.ChangesAnything, main));
        if (HostRestart.BeatOf(match) is { } beat && !operation.IsDryRun)
        {
            steps.Add(new PlannedStep(beat.Host == AwaitedBeat.AnyHost ? "wait for the first heartbeat" : $"wait for the first heartbeat of {beat.Host}", false, null) { Beat = beat });
        }

        if (match.Intent?.Verification is { } verification && !operation.IsDryRun)
        {
            var expected = verification with { Expect = Template.Fill(verification.Expect, match.Arguments, Regex.Escape) };
            steps.Add(new PlannedStep($"see that it has worked: {verification.Intent}", false, Other(verification.Intent, "verify") with { ChangesAnything = false }) { Verify = expected });
        }

        var undo = match.Intent?.Compensation is { } compensation && !operation.IsDryRun ? Other(compensation, "undo") with { Operation = null } : null;
        return new OperationPlan(null, steps, operation.Steps.TakeWhile(step => step.State == StepState.Done).Count(), undo)
        {
            Longest = (match.Intent?.Timeout ?? TimeSpan.FromMinutes(5)) + (match.Intent?.Verification?.Within ?? TimeSpan.Zero),
        };

        // An argument that an intent does not know is refused when it is run.
        Step Other(string intent, string part) => main with
        {
            Intent = intent,
            Arguments = main.Arguments.Where(given => match.Provider!.Find(intent)?.Arguments.Any(known => known.Name == given.Key) ?? true).ToDictionary(StringComparer.Ordinal),
            IdempotencyKey = $"{operation.Id}:{part}",
        };
    }
}

/// <summary>One step: a command, a look until it is as expected, or the wait for a heartbeat.</summary>
public sealed record PlannedStep(string Name, bool Changes, Step? Step)
{
    public Verification? Verify { get; init; }

    public AwaitedBeat? Beat { get; init; }
}
