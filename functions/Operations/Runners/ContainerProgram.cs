using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Hosting;

namespace Watchdesk.Operations.Runners;

/// <summary>
/// Runs a program as an Azure Container Instance: made, watched, read and removed, one call at a time. Its name comes from the
/// step's key, so that a call that comes twice meets the same container.
/// </summary>
sealed class ContainerProgram(ResourceManagerClient client, DeskOptions options)
{
    public const string Home = "/home/watchdesk";
    const string Api = "api-version=2023-05-01";
    static readonly TimeSpan Look = TimeSpan.FromSeconds(5);
    const int LongestLook = 6;

    string? location;

    /// <summary>The result when it has ended and is removed.</summary>
    public async Task<(StepState State, StepResult? Result)> AdvanceAsync(StepRun run, ProgramCall call, StepState state, CancellationToken cancellationToken)
    {
        if (options.RunnerGroup.Length == 0 || call.Image is null)
        {
            return (state, new StepResult(false, null, call.Typed, "", call.Image is null
                ? $"{call.Program} has no container image; an operator of this desk can add one to the provider."
                : "Programs are run in containers, and no resource group is set for them: set Watchdesk__RunnerGroup to its id."));
        }

        var container = state.Container ?? new ContainerState("wd-" + call.Key, "make");
        if (state.Ended is { } ended && container.Phase == "look")
        {
            container = container with { Phase = "remove", Problem = ended };
        }

        return container.Phase switch
        {
            "make" when state.Ended is not null => (state, new StepResult(false, null, call.Typed, "", state.Ended)),
            "make" => await MakeAsync(run, call, state, container, cancellationToken),
            "look" => await LookAsync(run, state, call, container, cancellationToken),
            _ => await RemoveAsync(run, call, state, container, cancellationToken),
        };
    }

    async Task<(StepState State, StepResult? Result)> MakeAsync(StepRun run, ProgramCall call, StepState state, ContainerState container, CancellationToken cancellationToken)
    {
        location ??= Text((await SendAsync("GET", options.RunnerGroup + "?api-version=2021-04-01", null, container, cancellationToken)).Body, "location");
        if (location is null)
        {
            return (state, new StepResult(false, null, call.Typed, "", "The resource group of Watchdesk__RunnerGroup cannot be read: check its id, and that the desk's identity is its reader."));
        }

        var answer = await SendAsync("PUT", $"{Address(container)}?{Api}", ContainerBody.Of(call, location, run.Step.Tenant), container, cancellationToken);
        return answer.Status < 300
            ? (state with { Container = container with { Phase = "look" }, Wait = Look }, null)
            : (state, new StepResult(false, answer.Status, call.Typed, Masking.Clean(ResourceErrors.Message(answer.Body) ?? "", run.Secrets), "The container could not be made. " + ResourceErrors.Explain(answer)));
    }

    async Task<(StepState State, StepResult? Result)> LookAsync(StepRun run, StepState state, ProgramCall call, ContainerState container, CancellationToken cancellationToken)
    {
        var answer = await SendAsync("GET", $"{Address(container)}?{Api}", null, container, cancellationToken);
        if (answer.Status == 404)
        {
            return (state, new StepResult(false, null, call.Typed, "", "The container is gone before it was read. Look whether it was done; then ask for it again, or not."));
        }

        var seen = ContainerView.Read(answer.Body);
        if (!seen.HasEnded)
        {
            return (state with { Container = container, Polls = state.Polls + 1, Wait = Look * Math.Clamp(state.Polls / 6, 1, LongestLook) }, null);
        }

        var logs = await SendAsync("GET", $"{Address(container)}/containers/run/logs?tail=5000&{Api}", null, container, cancellationToken);
        return (state with { Container = container with { Phase = "remove", Output = Masking.Clean(Text(logs.Body, "content") ?? "", run.Secrets), ExitStatus = seen.ExitStatus, Problem = seen.Problem }, Wait = TimeSpan.Zero }, null);
    }

    async Task<(StepState State, StepResult? Result)> RemoveAsync(StepRun run, ProgramCall call, StepState state, ContainerState container, CancellationToken cancellationToken)
    {
        await SendAsync("DELETE", $"{Address(container)}?{Api}", null, container, cancellationToken);
        return (state, CliRunner.Read(run, call, new ProgramResult(container.ExitStatus, container.Output ?? "", container.Problem)));
    }

    Task<ResourceAnswer> SendAsync(string method, string path, string? body, ContainerState container, CancellationToken cancellationToken) =>
        client.SendAsync(null, method, path, body, new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{container.Name}\n{method}\n{path}")).AsSpan(0, 16)), cancellationToken);

    string Address(ContainerState container) => $"{options.RunnerGroup}/providers/Microsoft.ContainerInstance/containerGroups/{container.Name}";

    static string? Text(string body, string name)
    {
        using var json = JsonDocument.Parse(body.Length == 0 ? "{}" : body);
        return json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
