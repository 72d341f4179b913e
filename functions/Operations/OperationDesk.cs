using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Hosting.Durable;
using Watchdesk.Operations.Providers;
using Watchdesk.Schedules;
using Watchdesk.Tenants;

namespace Watchdesk.Operations;

/// <param name="Text">The sentence, 1 to 2,000 characters.</param>
/// <param name="Intent">What it means, when the caller knows: the name of an intent, or provider/name.</param>
/// <param name="Arguments">Beside those of the sentence; at most 20 of at most 500 characters.</param>
/// <param name="RequestId">The same again is the same operation; at most 200 characters.</param>
public sealed record OperationRequest(string? Text, string? Intent = null, IReadOnlyDictionary<string, string>? Arguments = null, string? RequestId = null);

/// <param name="Refusal">Why it could not be done; null when it was.</param>
public sealed record OperationOutcome(Operation? Operation, string? Refusal = null);

/// <summary>Takes requests and what people do with them: the one way for API, pages and chat.</summary>
public sealed class OperationDesk(OperationStore store, ProviderStore providers, OrchestrationClient orchestrations, DueIndex due, TimeProvider clock)
{
    const int MaxText = 2000;
    const int MaxName = 100;
    const int MaxArguments = 20;
    const int MaxArgument = 500;
    const int MaxRequestId = 200;
    const int MaxWhy = 300;

    /// <summary>Also what is not understood gets a record, so that nothing that was said is lost.</summary>
    /// <exception cref="InvalidRequestException">The text says what is wrong.</exception>
    public async Task<OperationOutcome> AskAsync(Caller caller, OperationRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(request);
        var now = clock.GetUtcNow();
        var asked = Read(caller, request, now);
        var match = Resolving.Of(await providers.ReadAsync(caller.Tenant, cancellationToken), asked);
        asked = Understood(asked, match, now);
        await due.AddAsync([OperationDue.Row(asked, now + OperationDue.FirstLook)], now, cancellationToken);
        var (operation, isNew) = await store.AddAsync(asked, cancellationToken);
        if (!isNew && (operation.Text != asked.Text || operation.By.Id != caller.Id))
        {
            return new OperationOutcome(null, "This request id was used for something else. Give each request an id of its own.");
        }

        if (operation.Stage == OperationStage.Asked)
        {
            await orchestrations.StartAsync(operation.InstanceId, RunOperation.Function, new OperationInput(operation.Tenant, operation.Id), cancellationToken);
        }

        return new OperationOutcome(operation);
    }

    /// <summary>Who decides is who is signed in. The row decides; the event only wakes the run.</summary>
    /// <param name="seen">Of the preview that the caller looked at.</param>
    /// <exception cref="InvalidRequestException">The text says what is wrong.</exception>
    public async Task<OperationOutcome> DecideAsync(Caller caller, string id, bool isApproved, string? seen, string? why, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var (now, said) = (clock.GetUtcNow(), Bounded(why, MaxWhy, "why"));
        string? refusal = null;
        if (await store.GetAsync(caller.Tenant, id, cancellationToken) is { } asked && Approval.Refusal(asked, caller, seen, now) is null)
        {
            // The watchdog's row stands after the deadline of the approval, which may be days away.
            await due.AddAsync([OperationDue.Row(asked, now + asked.Patience)], now, cancellationToken);
        }

        var decided = await store.ChangeAsync(caller.Tenant, id, operation =>
            (refusal = Approval.Refusal(operation, caller, seen, now)) is not null ? null : operation with
            {
                Approval = operation.Approval! with { IsApproved = isApproved, ById = caller.Id, By = caller.Name, At = now, Why = said },
                Waits = null,
                StuckAt = now + operation.Patience,
            }, cancellationToken);
        return await NudgeAsync(decided, refusal, cancellationToken);
    }

    /// <summary>At any step: a local program is ended, anything else under way ends first, what was changed is undone.</summary>
    public async Task<OperationOutcome> CancelAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        string? refusal = null;
        var cancelled = await store.ChangeAsync(caller.Tenant, id, operation =>
        {
            refusal = operation switch
            {
                { IsOver: true } => "It has ended already.",
                _ when caller.Id != operation.By.Id && caller.Role < Role.Operator => "Who asked for it may cancel it, and everybody with the role operator.",
                _ => null,
            };
            return refusal is not null || operation.CancelledBy is not null ? null : operation with { CancelledBy = caller.Name };
        }, cancellationToken);
        return await NudgeAsync(cancelled, refusal, cancellationToken);
    }

    async Task<OperationOutcome> NudgeAsync(Operation? operation, string? refusal, CancellationToken cancellationToken)
    {
        if (operation is not null && refusal is null)
        {
            await orchestrations.RaiseAsync(operation.InstanceId, RunOperation.Nudge, "", cancellationToken);
        }

        return new OperationOutcome(operation, refusal);
    }

    /// <summary>What cannot be run ends at once, with what would have been understood.</summary>
    static Operation Understood(Operation asked, Match match, DateTimeOffset now)
    {
        var understood = asked with
        {
            Provider = match.Provider?.Id,
            What = match.Intent?.Name,
            Preview = match.Provider is null ? "" : match.Preview,
            Target = match.Provider is null ? "" : match.Target,
            ChangesAnything = match.ChangesAnything,
            Missing = match.Missing,
            Nearest = match.Nearest,
            IsConfusing = match.IsConfusing,
        };
        return match.IsRunnable
            ? asked.By.Role >= match.Role ? understood : understood.End(OperationStatus.Failure, Resolving.NotAllowed(match, asked.By), now)
            : understood.End(OperationStatus.Failure, Resolving.Reason(match), now);
    }

    static Operation Read(Caller caller, OperationRequest request, DateTimeOffset now)
    {
        var arguments = request.Arguments ?? new Dictionary<string, string>(StringComparer.Ordinal);
        if (arguments.Count > MaxArguments || arguments.Any(pair => pair.Key.Length is 0 or > MaxName || pair.Value is null || pair.Value.Length > MaxArgument))
        {
            throw new InvalidRequestException($"arguments has at most {MaxArguments} members, each a text of at most {MaxArgument} characters.");
        }

        return new Operation(caller.Tenant, Keys.NewId(now), Bounded(request.Text, MaxText, "text") ?? throw new InvalidRequestException("text is required: say what is to be done, for example “azure list vms”."), Asker.Of(caller), now)
        {
            RequestId = Bounded(request.RequestId, MaxRequestId, "requestId"),
            Intent = Bounded(request.Intent, MaxName, "intent"),
            Given = arguments,
            StuckAt = now + TimeSpan.FromHours(1),
        };
    }

    /// <summary>Null for nothing.</summary>
    static string? Bounded(string? text, int most, string name) => text?.Trim() is not { Length: > 0 } given
        ? null
        : given.Length <= most && !given.Any(char.IsControl) ? given : throw new InvalidRequestException($"{name} is one line of at most {most} characters.");
}
