using System.Diagnostics;
using System.Net;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Hosting;
using Watchdesk.Hosting.Durable;
using Watchdesk.Hosting.Durable.Wire;
using Watchdesk.Hosting.Embedded;
using Watchdesk.Hosting.Embedded.Orchestrations;
using Watchdesk.Tests.Hosting.Durable;
using Watchdesk.Tests.Support;

namespace Watchdesk.Benchmarks;

/// <summary>
/// Orchestrations of the embedded engine on the emulator. The goals are the figures that Microsoft publishes for one instance
/// of Durable Functions: 5 sequential activities/s, fan-out 100/s, fan-in 150/s, 50 external events/s.
/// </summary>
static class DurableFigures
{
    const int AtOnce = 16;

    public static async Task RunAsync(BenchmarkSettings settings)
    {
        Replayed(settings.Of(10_000));
        var folder = Directory.CreateTempSubdirectory("watchdesk-durable-").FullName;
        await using (var azurite = await Azurite.StartAsync(Path.Combine(folder, "storage"), inMemory: true, TimeProvider.System, Console.WriteLine, default))
        {
            Environment.SetEnvironmentVariable("AzureWebJobsStorage", azurite.ConnectionString);
            await using var desk = await StartAsync(folder);
            await EmbeddedAsync(desk, settings);
            await desk.StopAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    static async Task<WebApplication> StartAsync(string folder)
    {
        SampleRoot.Write(folder);
        var line = new CommandLine { DataFolder = Path.Combine(folder, "data"), AdminPassword = "correct horse" };
        var desk = Desk.Build(new DeskStart(line, IsHandler: false, IPAddress.Loopback, ChildProcess.FreePort(), folder));
        SampleOrders.Map(desk, (context, item, _) => Task.FromResult(new Parcel(item, context.IdempotencyKey, "")));
        await desk.StartAsync();
        return desk;
    }

    static async Task EmbeddedAsync(WebApplication desk, BenchmarkSettings settings)
    {
        var (mail, store) = (desk.Services.GetRequiredService<DurableMail>(), desk.Services.GetRequiredService<DurableStore>());
        var (items, wide, many) = (settings.Of(300), settings.Of(1000), settings.Of(500));
        await TimeAsync("warm", 1, nameof(SampleOrders.CountInOrder), "20");

        var figures = new Figures($"durable: embedded engine on the emulator, {items} calls in order, fan-out {wide:N0}, {many} at once");
        figures.AtLeast("sequential activities/s", items / await TimeAsync("order", 1, nameof(SampleOrders.CountInOrder), $"{items}"), 5);
        figures.AtLeast($"activities/s of a fan-out of {wide:N0}, until all are back", wide / await TimeAsync("wide", 1, nameof(SampleOrders.PackOrder), $$"""{"items":{{wide}}}"""), 100);
        figures.AtLeast($"fan-in: results/s of {wide:N0} that wait for their orchestration", wide / await GatherAsync(desk, "main:gather", wide), 150);
        figures.Add($"orchestrations/s, {many} at once, 2 calls each", Figures.Text(many / await TimeAsync("many", many, nameof(SampleOrders.PackOrder), """{"items":2}""")));
        figures.AtLeast("external events/s to one that waits for them one at a time", many / await HearAsync("hear", 1, nameof(SampleOrders.HearApprovals), $"{many}"), 50);
        figures.AtLeast($"external events/s to {many}, until a child and its call are done", many / await HearAsync("ask", many, nameof(SampleOrders.AskFirst), """{"items":1,"minutes":60}"""), 50);

        Task StartAsync(IEnumerable<string> ids, string orchestration, string input) =>
            ForEachAsync(ids, id => mail.StartAsync(id, orchestration, DurableJson.Start(input, 1), null, default));

        async Task<double> TimeAsync(string name, int instances, string orchestration, string input)
        {
            var began = Stopwatch.GetTimestamp();
            await StartAsync(Ids(name, instances), orchestration, input);
            await UntilAsync(store, Ids(name, instances), instance => instance.IsFinished);
            return Stopwatch.GetElapsedTime(began).TotalSeconds;
        }

        async Task<double> HearAsync(string name, int instances, string orchestration, string input)
        {
            var ids = Ids(name, instances);
            await StartAsync(ids, orchestration, input);
            await UntilAsync(store, ids, instance => instance.CustomStatus is not null);
            var began = Stopwatch.GetTimestamp();
            await ForEachAsync(Enumerable.Range(0, many), n => mail.BringAsync(
                ids[n % instances], DurableKeys.Event($"{n:D6}"), new HistoryEvent { EventRaised = new EventRaised { Name = "Approved", Input = "\"Ada\"" } }, default));
            await UntilAsync(store, ids, instance => instance.IsFinished);
            return Stopwatch.GetElapsedTime(began).TotalSeconds;
        }
    }

    /// <summary>The second half of a fan-out by itself: an orchestration that has asked for all its calls, whose results are all stored before it looks.</summary>
    static async Task<double> GatherAsync(WebApplication desk, string id, int calls)
    {
        var (mail, store) = (desk.Services.GetRequiredService<DurableMail>(), desk.Services.GetRequiredService<DurableStore>());
        var now = TimeProvider.System.GetUtcNow();
        var made = new DurableInstance(id, nameof(SampleOrders.PackOrder), "first", OrchestrationStatus.Pending, now, now);
        var started = new Arrival(DurableKeys.Started(made.ExecutionId), now, Turn.StartedEvent(made, DurableJson.Start($$"""{"items":{{calls}}}""", 1), now));
        var request = Turn.Request(made, [], [started], now);
        var asked = Turn.Apply(made, request, (await desk.Services.GetRequiredService<DurableFunctions>().TurnAsync(made.Name, request, default))!, "", now);
        await store.CreateAsync(made, started, over: null, default);
        await store.CommitAsync(asked.Next with { ETag = (await store.FindAsync(id, default))!.ETag }, DurablePartition.HistoryRows(made, asked.Appended), [started.RowKey], default);
        await Parallel.ForEachAsync(asked.Actions, async (action, token) =>
        {
            var result = DurableJson.Result(DurableJson.Write(new Parcel(action.Id, "", ""), SampleJson.Default.Parcel));
            var done = new HistoryEvent { EventId = -1, TaskCompleted = new TaskCompleted { TaskScheduledId = action.Id, Result = DurableJson.Write(result, SampleJson.Default.String) } };
            await store.ArriveAsync(id, new Arrival(DurableKeys.Task(made.ExecutionId, action.Id), now, done), token);
        });
        var began = Stopwatch.GetTimestamp();
        await mail.SendAsync(new DurableMessage(id), default);
        await UntilAsync(store, [id], instance => instance.IsFinished);
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    static IReadOnlyList<string> Ids(string name, int count) => [.. Enumerable.Range(0, count).Select(n => $"main:{name}-{n}")];

    static Task ForEachAsync<T>(IEnumerable<T> items, Func<T, Task> run) =>
        Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (item, _) => await run(item));

    /// <summary>About 80 looks a second in all: they take time of the emulator too.</summary>
    static Task UntilAsync(DurableStore store, IReadOnlyList<string> ids, Func<DurableInstance, bool> holds) => ForEachAsync(ids, async id =>
    {
        while (await store.FindAsync(id, default) is not { } instance || !holds(instance))
        {
            await Task.Delay(12 * Math.Min(ids.Count, AtOnce));
        }
    });

    /// <summary>A turn at the end of a history of calls in order, four events each.</summary>
    static void Replayed(int events)
    {
        var call = new Activity<int, int>("Work", SampleJson.Default.Int32, SampleJson.Default.Int32);
        var request = new OrchestratorRequest { InstanceId = "main:1" };
        var at = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch);
        request.PastEvents.Add(new HistoryEvent { ExecutionStarted = new ExecutionStarted { Name = "Long", Input = "1" } });
        for (var n = 0; n < events / 4; n++)
        {
            request.PastEvents.Add(new HistoryEvent { EventId = -1, Timestamp = at, OrchestratorStarted = new() });
            request.PastEvents.Add(new HistoryEvent { EventId = n, TaskScheduled = new TaskScheduled { Name = "Work" } });
            request.PastEvents.Add(new HistoryEvent { EventId = -1, TaskCompleted = new TaskCompleted { TaskScheduledId = n, Result = DurableJson.Write(DurableJson.Result("1"), SampleJson.Default.String) } });
            request.PastEvents.Add(new HistoryEvent { EventId = -1, OrchestratorCompleted = new() });
        }

        var bytes = request.ToByteArray();
        var took = new List<double>();
        for (var run = 0; run < 11; run++)
        {
            var since = Stopwatch.GetTimestamp();
            var answer = new Hosting.Durable.Replay(OrchestratorRequest.Parser.ParseFrom(bytes), async context =>
            {
                while (true)
                {
                    await context.CallAsync(call, 1);
                }
            }).Run();
            took.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
            if (answer.Actions.Count != 1)
            {
                throw new InvalidOperationException($"The replay ended with {answer}.");
            }
        }

        var figures = new Figures($"durable: replay of a history of {events:N0} events, {bytes.Length / 1024:N0} kB");
        figures.AtMost("one turn, decoding included, median of 11", took.Order().ElementAt(5), 1000, " ms");
    }
}
