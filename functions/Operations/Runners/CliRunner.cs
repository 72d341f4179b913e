using Watchdesk.Operations.Providers;
using Watchdesk.Tenants;

namespace Watchdesk.Operations.Runners;

/// <summary>Says an intent's command, or what a person wrote, to a provider's program: on this machine embedded, in a container in Azure.</summary>
sealed class CliRunner(ContainerProgram containers, LocalProgram? local, Claims? claims, CancelledBy? cancelledBy)
{
    /// <summary>Below the deadline of an activity.</summary>
    static readonly TimeSpan LongestLocal = TimeSpan.FromMinutes(7);

    static readonly TimeSpan LongestListing = TimeSpan.FromMinutes(1);

    public async Task<StepState> AdvanceAsync(StepRun run, StepState state, CancellationToken cancellationToken)
    {
        var cli = run.Provider.Cli!;
        if (cli.IsForThisMachine && (local is null || run.Step.Tenant != Tenant.Main))
        {
            return state.Failed($"{cli.Program} acts on the machine of the desk: only the embedded desk does that, for the tenant main.");
        }

        if (state.Ended is { } ended && (local is not null || state.Container is null))
        {
            return state.Failed(ended);
        }

        while (true)
        {
            var choice = Choose(run, cli, state);
            if (choice.Kind == ChoiceKind.Usage)
            {
                return state.Failed($"{cli.Program} has no such command; this is what it says of those that it has.", Masking.Clean(choice.Usage, run.Secrets));
            }

            var isListing = choice.Kind == ChoiceKind.Ask;
            state = isListing ? state : state with { Choice = choice, Listings = null };
            IReadOnlyList<string> words = isListing ? [.. choice.Words, cli.Ask] : choice.Words;
            var changes = choice.Kind == ChoiceKind.Run && Changes(run, cli, words);
            state = isListing ? state : state with { Command = Masking.Clean(ProgramCall.Type(cli.Program, words), run.Secrets) };
            if (choice.Kind == ChoiceKind.Run && Refusal(run, cli, words, changes) is { } refusal)
            {
                return state.Failed(refusal);
            }

            if (changes && run.Step.DryRun)
            {
                return state.Done(DryRun.Result(state.Command!));
            }

            (state, var result) = local is null
                ? await containers.AdvanceAsync(run, ProgramCall.Of(run, words, ContainerProgram.Home), state, cancellationToken)
                : (state, await RunAsync(run, ProgramCall.Of(run, words, local.NewHome()), changes, isListing ? LongestListing : run.Timeout < LongestLocal ? run.Timeout : LongestLocal, cancellationToken));
            if (result is null)
            {
                return state;
            }

            if (!isListing)
            {
                return state.Done(result with { Succeeded = result.Succeeded && choice.Kind == ChoiceKind.Run, Error = result.Error ?? (choice.Kind == ChoiceKind.Help ? "That is no command; this is the help for the nearest." : null) });
            }

            if (Choice.Read(choice.Words, result.Output) is not { Commands.Count: > 0 } listing)
            {
                return state.Failed($"{cli.Program} did not say which commands it has.", result.Output, result.ExitStatus);
            }

            state = state with { Listings = [.. state.Listings ?? [], listing], Container = null };
        }
    }

    static Choice Choose(StepRun run, Cli cli, StepState state) => state.Choice ?? (run.Intent is { } intent
        ? new Choice(ChoiceKind.Run, [.. intent.Command.Select(word => Template.Fill(word, run.Values))])
        : Choice.Of(cli, run.Step.Words, run.Step.IsHelp, state.Listings ?? []));

    static bool Changes(StepRun run, Cli cli, IReadOnlyList<string> words) => run.Intent?.ChangesAnything ?? !AllowList.Check(cli, words).IsRead(cli);

    /// <summary>Checked again here: what is run is not always what was said.</summary>
    static string? Refusal(StepRun run, Cli cli, IReadOnlyList<string> words, bool changes) => AllowList.Check(cli, words).Problem
        ?? (changes && !run.Step.ChangesAnything ? $"{cli.Program} {string.Join(' ', words)} may change something and was not approved; write the command itself, so that somebody can approve it." : null);

    async Task<StepResult> RunAsync(StepRun run, ProgramCall call, bool changes, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (changes)
        {
            var (isFirst, before) = await claims!.BeginAsync(call.Key, cancellationToken);
            if (!isFirst)
            {
                LocalProgram.Leave(call.Home);
                return before ?? new StepResult(false, null, Typed(run, call), "", "It was begun, and the desk was interrupted before it ended. Look whether it was done; then ask for it again, or not.");
            }
        }

        var result = Read(run, call, await local!.RunAsync(call, limit, token => StopAsync(run.Step, token), cancellationToken));
        if (changes)
        {
            await claims!.EndAsync(call.Key, result, CancellationToken.None);
        }

        return result;
    }

    async Task<string?> StopAsync(Step step, CancellationToken cancellationToken) =>
        step.Operation is { } operation && await cancelledBy!(step.Tenant, operation, cancellationToken) is { } by
            ? $"It was stopped with everything that it had started: {by} cancelled the operation. What it had done by then is not known." : null;

    static string Typed(StepRun run, ProgramCall call) => Masking.Clean(call.Typed, run.Secrets);

    public static StepResult Read(StepRun run, ProgramCall call, ProgramResult ran) => new(
        ran is { ExitStatus: 0, Problem: null },
        ran.ExitStatus,
        Typed(run, call),
        Masking.Clean(ran.Output, run.Secrets),
        ran.Problem ?? (ran.ExitStatus == 0 ? null : $"{call.Program} ended with status {ran.ExitStatus}; its output says why."));
}
