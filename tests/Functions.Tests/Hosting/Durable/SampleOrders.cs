using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Watchdesk.Hosting.Durable;

namespace Watchdesk.Tests.Hosting.Durable;

/// <summary>The sample: an order is packed item by item, all at once, with retries, and its parcels are counted.</summary>
public static class SampleOrders
{
    public static readonly Orchestration<Order, Parcel[]> PackOrder = new(nameof(PackOrder), SampleJson.Default.Order, SampleJson.Default.ParcelArray, Version: 2);
    public static readonly Orchestration<int, int> CountInOrder = new(nameof(CountInOrder), SampleJson.Default.Int32, SampleJson.Default.Int32);
    public static readonly Orchestration<Approval, string> AskFirst = new(nameof(AskFirst), SampleJson.Default.Approval, SampleJson.Default.String);
    public static readonly Orchestration<int, int> HearApprovals = new(nameof(HearApprovals), SampleJson.Default.Int32, SampleJson.Default.Int32);
    public static readonly Activity<int, Parcel> PackItem = new(nameof(PackItem), SampleJson.Default.Int32, SampleJson.Default.Parcel);
    public static readonly ExternalEvent<string> Approved = new(nameof(Approved), SampleJson.Default.String);

    static readonly RetryPolicy Retry = new(MaxAttempts: 5, FirstDelay: TimeSpan.FromSeconds(1));

    /// <summary>Name and trigger of each function.</summary>
    public static readonly IReadOnlyList<(string Name, string Json)> Functions =
    [
        (nameof(PackOrder), Orchestrator), (nameof(CountInOrder), Orchestrator), (nameof(AskFirst), Orchestrator), (nameof(HearApprovals), Orchestrator),
        (nameof(PackItem), """{"bindings":[{"type":"activityTrigger","direction":"in","name":"input"}]}"""),
    ];

    const string Orchestrator = """{"bindings":[{"type":"orchestrationTrigger","direction":"in","name":"context"}]}""";

    /// <param name="pack">The effect.</param>
    public static void Map(WebApplication app, Func<ActivityContext, int, CancellationToken, Task<Parcel>> pack)
    {
        app.MapOrchestration(PackOrder, async (context, order) => await Task.WhenAll(Enumerable.Range(0, order.Items).Select(item => context.CallAsync(PackItem, item, Retry))));
        app.MapOrchestration(CountInOrder, async (context, items) =>
        {
            var counted = 0;
            for (var item = 0; item < items; item++)
            {
                counted += (await context.CallAsync(PackItem, item, Retry)).Item == item ? 1 : 0;
            }

            return counted;
        });
        app.MapOrchestration(AskFirst, async (context, ask) =>
        {
            context.SetStatus("waiting", SampleJson.Default.String);
            var answer = await context.WaitForAsync(Approved, TimeSpan.FromMinutes(ask.Minutes));
            if (!answer.HasCome)
            {
                return "too late";
            }

            var parcels = await context.CallAsync(PackOrder, new Order(ask.Items));
            return $"{parcels.Length} for {answer.Value}";
        });
        app.MapOrchestration(HearApprovals, async (context, approvals) =>
        {
            context.SetStatus("waiting", SampleJson.Default.String);
            for (var heard = 0; heard < approvals; heard++)
            {
                await context.WaitForAsync(Approved);
            }

            return approvals;
        });
        app.MapActivity(PackItem, pack);
    }
}

public sealed record Order(int Items);

public sealed record Approval(int Items, int Minutes);

/// <param name="Run">Which run of the activity packed it.</param>
public sealed record Parcel(int Item, string Key, string Run);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(Approval))]
[JsonSerializable(typeof(Parcel[]))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
public sealed partial class SampleJson : JsonSerializerContext;
