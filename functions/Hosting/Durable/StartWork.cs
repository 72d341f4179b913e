using System.Text;
using System.Text.Json;
using Azure.Core.Pipeline;
using Watchdesk.Clients;

namespace Watchdesk.Hosting.Durable;

/// <summary>
/// Queue <c>work</c>: the only place that starts, raises, terminates, suspends, resumes and queries orchestrations. Every item
/// may come twice.
/// </summary>
sealed partial class StartWork(StartedRuns runs, Supervisor supervisor, DeadLetters deadLetters, TimeProvider clock, ILogger<StartWork> log, HttpPipelineTransport? testTransport = null)
{
    const int MaxDeliveries = 50;

    readonly Lock gate = new();
    (string BaseUrl, string Key, DurableApi Api)? connected;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapTrigger(nameof(StartWork), (invocation, cancellationToken) =>
        routes.ServiceProvider.GetRequiredService<StartWork>().HandleAsync(invocation, cancellationToken));

    public async Task HandleAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var (url, key) = DurableApi.Read(invocation, "client");
        var api = Connect(url, key);
        foreach (var message in QueueMessage.ReadAll(invocation, "messages"))
        {
            await TakeAsync(api, message, cancellationToken);
        }
    }

    async Task TakeAsync(DurableApi api, QueueMessage message, CancellationToken cancellationToken)
    {
        var tenant = "main";
        try
        {
            if (message.DeliveryCount > MaxDeliveries)
            {
                throw new FormatException($"Delivered {message.DeliveryCount} times without success.");
            }

            using var body = JsonDocument.Parse(message.Body);
            var envelope = Envelope.Read(body.RootElement);
            Traces.Link(envelope.Traceparent);
            RequestId.Use(envelope.RequestId);
            tenant = envelope.Tenant;
            if (envelope.Kind != WorkItem.Kind)
            {
                throw new FormatException("Nothing here takes messages of this kind.");
            }

            var items = envelope.Items.Deserialize(DurableJsonContext.Default.WorkItemArray) ?? [];
            Array.ForEach(items, item => item.Check());
            foreach (var item in items)
            {
                await DoAsync(api, item, cancellationToken);
            }
        }
        catch (Exception problem) when (problem is FormatException or JsonException or RemoteCallException { IsTransient: false })
        {
            var letter = new DeadLetter(tenant, OrchestrationClient.Queue, WorkItem.Kind, problem.Message, message.MessageId, Encoding.UTF8.GetBytes(message.Body), clock.GetUtcNow(), message.DeliveryCount);
            await deadLetters.AddAsync(letter, cancellationToken);
        }
    }

    async Task DoAsync(DurableApi api, WorkItem item, CancellationToken cancellationToken)
    {
        switch (item.Do)
        {
            case "start":
                await StartAsync(api, item.Id, item.Name!, item.Data!, cancellationToken);
                break;
            case "supervise":
                await supervisor.LookAsync(api, item.Id, (id, name, input) => StartAsync(api, id, name, input, cancellationToken), cancellationToken);
                break;
            case "raise":
                Note(await api.RaiseAsync(item.Id, item.Name!, item.Data, cancellationToken), item);
                break;
            default:
                Note(await api.TellAsync(item.Id, item.Do, item.Reason, cancellationToken), item);
                break;
        }
    }

    /// <summary>Asks first: to start a running id answers 500 or 409, and one that has ended would run again.</summary>
    async Task StartAsync(DurableApi api, string id, string name, string input, CancellationToken cancellationToken)
    {
        if (await api.FindAsync(id, cancellationToken) is not null)
        {
            return;
        }

        await supervisor.WatchAsync(id, Supervisor.Every, cancellationToken);
        await runs.SaveAsync(id, name, input, clock.GetUtcNow(), cancellationToken);
        await api.StartAsync(name, id, input, cancellationToken);
    }

    void Note(bool isTaken, WorkItem item)
    {
        if (!isTaken)
        {
            Log.Ended(log, item.Id, item.Do);
        }
    }

    DurableApi Connect(string url, string key)
    {
        lock (gate)
        {
            if (connected is not { } same || same.BaseUrl != url || same.Key != key)
            {
                connected = same = (url, key, new DurableApi(url, key, testTransport));
            }

            return same.Api;
        }
    }

    static partial class Log
    {
        [LoggerMessage(44, LogLevel.Information, "{Instance} has ended or never was: {What} finds nobody")]
        public static partial void Ended(ILogger log, string instance, string what);
    }
}
