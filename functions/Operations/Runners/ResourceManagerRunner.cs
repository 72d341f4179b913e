using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Operations.Providers;
using Watchdesk.Tenants;

namespace Watchdesk.Operations.Runners;

/// <summary>One call of Azure Resource Manager. What goes on there is followed from call to call by the address that it gave.</summary>
sealed class ResourceManagerRunner(ResourceManagerClient client)
{
    static readonly TimeSpan Usual = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    public async Task<StepState> AdvanceAsync(StepRun run, StepState state, CancellationToken cancellationToken)
    {
        var call = run.Intent!.Call!;
        var path = Template.Fill(call.Path, run.Values, Escape);
        state = state with { Command = Masking.Clean($"{call.Method} {path.Split('?')[0]}", run.Secrets) };
        if (state.Ended is { } ended)
        {
            return state.Failed(state.Url is null ? ended : $"{ended} Azure may go on with it: look at the resource.");
        }

        if (Problem(run, path) is { } problem)
        {
            return state.Failed(problem);
        }

        if (run.Step.DryRun && run.Intent.ChangesAnything)
        {
            return state.Done(DryRun.Result(state.Command!));
        }

        var isFirst = state.Url is null;
        var body = isFirst && call.Body is not null ? Template.Fill(call.Body, run.Values, value => JsonEncodedText.Encode(value).ToString()) : null;
        var answer = await client.SendAsync(Caller(run), isFirst ? call.Method : "GET", state.Url ?? path, body, RequestId(run, state), cancellationToken);
        return Read(run, call, path, state, answer);
    }

    static StepState Read(StepRun run, IntentCall call, string path, StepState state, ResourceAnswer answer)
    {
        if (answer.Status >= 400)
        {
            return state.Failed(ResourceErrors.Explain(answer), Masking.Clean(ResourceErrors.Message(answer.Body) ?? "", run.Secrets), answer.Status);
        }

        using var json = Parse(answer.Body);
        switch (ResourceErrors.Progress(json?.RootElement))
        {
            case "Failed" or "Canceled":
                return state.Failed(ResourceErrors.Explain(answer with { Code = ResourceErrors.Code(json!.RootElement) }), Masking.Clean(ResourceErrors.Message(answer.Body) ?? answer.Body, run.Secrets), answer.Status);
            case null when answer.Status != 202 && (state.Url is not null || answer.Operation is null):
            case "Succeeded" when answer.Status != 202:
                return state.Done(new StepResult(true, answer.Status, state.Command!, Masking.Clean(ResourceTable.Show(json?.RootElement, answer.Body, call.Shows), run.Secrets)));
            default:
                var wait = answer.RetryAfter ?? Usual;
                return state with { Url = answer.Operation ?? state.Url ?? path, Polls = state.Polls + 1, Wait = wait < Usual / 10 ? Usual / 10 : wait > Longest ? Longest : wait };
        }
    }

    static JsonDocument? Parse(string body)
    {
        try
        {
            return body.Length == 0 ? null : JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The desk's own identity works for the tenant main alone; others enter an application of theirs.</summary>
    static ServicePrincipal? Caller(StepRun run) => run.Credentials.TryGetValue("clientSecret", out var secret)
        ? new ServicePrincipal(run.Credentials["directory"], run.Credentials["clientId"], secret) : null;

    static string? Problem(StepRun run, string path)
    {
        string[] names = ["directory", "clientId", "clientSecret"];
        var given = names.Count(run.Credentials.ContainsKey);
        return given is not (0 or 3) || (given == 0 && run.Step.Tenant != Tenant.Main)
            ? $"Not entered yet: {string.Join(", ", names.Where(name => !run.Credentials.ContainsKey(name)))} of an application that may do this. An admin enters it with PUT /api/v1/operations/providers/azure/credentials."
            : !path.StartsWith('/') || path.Contains('{', StringComparison.Ordinal) ? $"Something of the address is not entered yet: {path}. An admin enters it with PUT /api/v1/operations/providers/{run.Provider.Id}/credentials."
            : null;
    }

    /// <summary>The id of a resource is a path and checked by its pattern; everything else is one segment.</summary>
    static string Escape(string value) => value.StartsWith("/subscriptions/", StringComparison.Ordinal) ? value : Uri.EscapeDataString(value);

    static Guid RequestId(StepRun run, StepState state) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{run.Step.Tenant}\n{run.Step.IdempotencyKey}\n{state.Polls}")).AsSpan(0, 16));
}
