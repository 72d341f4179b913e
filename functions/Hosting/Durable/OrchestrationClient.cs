using System.Text;
using System.Text.Json;
using Watchdesk.Clients;

namespace Watchdesk.Hosting.Durable;

/// <summary>
/// Starts orchestrations and talks to them, from anywhere: by a message in <c>work</c>, which <see cref="StartWork"/> carries
/// out. Returns when the message is stored. Everything may be done twice; starting an id again does nothing.
/// </summary>
public sealed class OrchestrationClient(IMessageSender sender, TimeProvider clock)
{
    public const string Queue = "work";
    const int MaxData = 40_000;

    /// <param name="instanceId"><c>{tenant}:{requestId}</c>; hash a request id that a caller gave.</param>
    /// <exception cref="InvalidRequestException">The input is larger than a message carries.</exception>
    public Task StartAsync<TInput, TResult>(string instanceId, Orchestration<TInput, TResult> orchestration, TInput input, CancellationToken cancellationToken) =>
        SendAsync(new WorkItem("start", instanceId, orchestration.Name, DurableJson.Start(DurableJson.Write(input, orchestration.Input), orchestration.Version)), cancellationToken);

    public Task RaiseAsync<T>(string instanceId, ExternalEvent<T> raised, T data, CancellationToken cancellationToken) =>
        SendAsync(new WorkItem("raise", instanceId, raised.Name, DurableJson.Write(data, raised.Data)), cancellationToken);

    public Task TerminateAsync(string instanceId, string reason, CancellationToken cancellationToken) => SendAsync(new WorkItem("terminate", instanceId, Reason: reason), cancellationToken);

    public Task SuspendAsync(string instanceId, string reason, CancellationToken cancellationToken) => SendAsync(new WorkItem("suspend", instanceId, Reason: reason), cancellationToken);

    public Task ResumeAsync(string instanceId, string reason, CancellationToken cancellationToken) => SendAsync(new WorkItem("resume", instanceId, Reason: reason), cancellationToken);

    /// <summary>Called by the due index: is it still alive?</summary>
    public Task SuperviseAsync(string instanceId, CancellationToken cancellationToken) => SendAsync(new WorkItem("supervise", instanceId), cancellationToken);

    Task SendAsync(WorkItem item, CancellationToken cancellationToken)
    {
        if (!WorkItem.IsInstanceId(item.Id))
        {
            throw new ArgumentException($"\"{item.Id}\" is not an instance id: 1 to 100 letters, digits, '.', '_', ':' or '-'.", nameof(item));
        }

        if (Encoding.UTF8.GetByteCount(item.Data ?? "") > MaxData)
        {
            throw new InvalidRequestException($"What is given to an operation has at most {MaxData} bytes. Store it and give its key.");
        }

        var id = Keys.NewId(clock.GetUtcNow());
        var items = JsonSerializer.SerializeToUtf8Bytes([item], DurableJsonContext.Default.WorkItemArray);
        var body = Envelope.Write(WorkItem.Kind, TenantOf(item.Id), RequestId.Current ?? id, null, items);
        return sender.SendAsync(Queue, body, id, cancellationToken);
    }

    /// <summary>An id begins with its tenant.</summary>
    internal static string TenantOf(string instanceId) => instanceId.IndexOf(':', StringComparison.Ordinal) is > 0 and var at ? instanceId[..at] : "main";
}
