using System.Text;
using System.Text.Json;
using Watchdesk.Notices;
using Watchdesk.Operations.Providers;

namespace Watchdesk.Operations.Runners;

/// <summary>Posts once to an address that the tenant has entered. The key in its header lets the other side do it once however often it comes.</summary>
sealed class WebhookRunner(OutgoingHttp http)
{
    public async Task<StepState> AdvanceAsync(StepRun run, StepState state, CancellationToken cancellationToken)
    {
        var call = run.Intent!.Call!;
        state = state with { Command = $"POST {call.Path}" };
        if (state.Ended is { } ended)
        {
            return state.Failed(ended);
        }

        if (!run.Credentials.TryGetValue(call.Path, out var address))
        {
            return state.Failed($"Not entered yet: {run.Provider.Id} {call.Path}. An admin enters it with PUT /api/v1/operations/providers/{run.Provider.Id}/credentials.");
        }

        var url = http.Check(address);
        if (run.Step.DryRun && run.Intent.ChangesAnything)
        {
            return state.Done(DryRun.Result(state.Command!));
        }

        var body = Template.Fill(call.Body ?? "{}", run.Values, value => JsonEncodedText.Encode(value).ToString());
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        var answer = await http.PostAsync(url, content, [("Idempotency-Key", run.Step.IdempotencyKey)], cancellationToken);
        var text = Masking.Clean(answer.Body, run.Secrets);
        return answer.Status switch
        {
            >= 200 and < 300 => state.Done(new StepResult(true, answer.Status, state.Command!, $"{url.Host} answered {answer.Status}.")),
            null or 408 or 429 or >= 500 when state.Polls < 3 => state with { Polls = state.Polls + 1, Wait = answer.RetryDelta ?? TimeSpan.FromSeconds(10 << state.Polls) },
            null => state.Failed($"{url.Host} gave no answer: {answer.Error}. Look whether it runs, and whether the address is right."),
            _ => state.Failed($"{url.Host} answered {answer.Status}. Look whether the address is right and what it wants.", text, answer.Status),
        };
    }
}
