using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Hosting.Durable;
using Watchdesk.Operations.Providers;

namespace Watchdesk.Operations.Runners;

/// <summary>Does the next thing of a step: one call of a cloud, one run of a program, one look.</summary>
sealed class AdvanceStep(ProviderStore providers, ProviderVault vault, CliRunner cli, ResourceManagerRunner resourceManager, WebhookRunner webhook)
{
    public static readonly Activity<StepState, StepState> Function = new(nameof(AdvanceStep), RunnersJson.Default.StepState, RunnersJson.Default.StepState);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var advance = routes.ServiceProvider.GetRequiredService<AdvanceStep>();
        routes.MapActivity(Function, (_, state, cancellationToken) => advance.RunAsync(state, cancellationToken));
    }

    public async Task<StepState> RunAsync(StepState state, CancellationToken cancellationToken)
    {
        var step = state.Step;
        var table = await providers.ReadAsync(step.Tenant, cancellationToken);
        if (table.Find(step.Provider) is not { } provider)
        {
            return state.Failed($"There is no provider \"{step.Provider}\" any more.");
        }

        var intent = step.Intent is null ? null : provider.Find(step.Intent);
        if (step.Intent is not null && Refusal(provider, intent, step) is { } refusal)
        {
            return state.Failed(refusal);
        }

        var from = intent?.CredentialsFrom is { } other && table.Find(other) is { } lender ? [lender, provider] : new[] { provider };
        var credentials = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var owner in from)
        {
            foreach (var (name, value) in await vault.ReadAsync(step.Tenant, owner, step.User, cancellationToken))
            {
                credentials[name] = value;
            }
        }

        var missing = from.SelectMany(owner => owner.Credentials.Where(credential => credential.IsRequired && !credentials.ContainsKey(credential.Name)).Select(credential => $"{owner.Id} {credential.Name}")).ToList();
        if (missing.Count > 0)
        {
            return state.Failed($"Not entered yet: {string.Join(", ", missing)}. An admin enters it with PUT /api/v1/operations/providers/{from[0].Id}/credentials.");
        }

        return await AdvanceAsync(new StepRun(step, provider, intent, credentials), state with { Limit = state.Limit == default ? intent?.Timeout ?? TimeSpan.FromMinutes(5) : state.Limit }, cancellationToken);
    }

    async Task<StepState> AdvanceAsync(StepRun run, StepState state, CancellationToken cancellationToken)
    {
        try
        {
            return run.Runner switch
            {
                RunnerKind.Cli => await cli.AdvanceAsync(run, state, cancellationToken),
                RunnerKind.ResourceManager => await resourceManager.AdvanceAsync(run, state, cancellationToken),
                _ => await webhook.AdvanceAsync(run, state, cancellationToken),
            };
        }
        catch (InvalidRequestException refused)
        {
            return state.Failed(refused.Message);
        }
        catch (RemoteCallException wait) when (state.Ended is null && wait is { IsTransient: true, RetryAfter: { } after })
        {
            return state with { Wait = after };
        }
    }

    /// <summary>The intent may have changed since the step was made; what does not fit it any more is not run.</summary>
    static string? Refusal(Provider provider, Intent? intent, Step step)
    {
        if (intent is null)
        {
            return $"{provider.Id} has no intent \"{step.Intent}\" any more.";
        }

        var match = Matching.Complete(provider, intent, step.Arguments);
        return match.Kind != MatchKind.Intent ? string.Join(' ', match.Problems)
            : intent.ChangesAnything && !step.ChangesAnything ? $"\"{intent.Name}\" changes something and was not approved as such; ask for it again."
            : null;
    }
}
