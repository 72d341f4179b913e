using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Hosting.Durable;
using Watchdesk.Hosting.Durable.Wire;
using Watchdesk.Hosting.Embedded.Orchestrations;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Hosting.Durable;

/// <summary>200 orders of 10 items with retries, on a desk that is killed 30 times at random.</summary>
[Trait("Demand", "S3-9")]
[Trait("Size", "Large")]
[Collection("Azurite")]
public sealed class SigkillTests(AzuriteFixture azurite) : IDisposable
{
    const int Items = 10;
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    readonly string root = Directory.CreateTempSubdirectory("watchdesk-sigkill").FullName;

    [Fact]
    public async Task Every_order_ends_with_each_result_used_once()
    {
        var (orders, kills, seed) = (TestScale.Of(200), TestScale.Of(30), Environment.TickCount);
        var random = new Random(seed);
        SampleRoot.Write(root);
        var prefix = "main:" + Guid.NewGuid().ToString("N")[..8] + "-";
        var client = new OrchestrationClient(new StorageQueueClient(azurite.Services.Queues()), TimeProvider.System);
        for (var n = 0; n < orders; n++)
        {
            await client.StartAsync($"{prefix}{n}", SampleOrders.PackOrder, new Order(Items), default);
        }

        for (var kill = 0; kill < kills; kill++)
        {
            await using var desk = await StartAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(200, 3000)));
            await desk.KillAsync();
        }

        var store = new DurableStore(new AzureTables(azurite.Services.Tables()));
        await using (var last = await StartAsync())
        {
            using var tooLong = new CancellationTokenSource(Limit);
            for (var n = 0; n < orders; n++)
            {
                while (await store.FindAsync($"{prefix}{n}", default) is not { IsFinished: true })
                {
                    tooLong.IsCancellationRequested.ShouldBeFalse($"{prefix}{n} has not ended, seed {seed}\n{last.Output}");
                    await Task.Delay(100);
                }
            }
        }

        var effects = (await File.ReadAllLinesAsync(Path.Combine(root, "effects"))).Select(line => line.Split(' ')).Where(parts => parts.Length == 4).ToLookup(parts => parts[3], parts => parts[2]);
        for (var n = 0; n < orders; n++)
        {
            Check((await store.ReadAsync($"{prefix}{n}", default)).ShouldNotBeNull(), effects, $"{prefix}{n}, seed {seed}");
        }
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    /// <summary>The result names ten runs; each of them happened, under its own key, and is in the history once.</summary>
    static void Check(DurablePartition ended, ILookup<string, string> effects, string order)
    {
        ended.Instance.Status.ShouldBe(OrchestrationStatus.Completed, order);
        var parcels = JsonSerializer.Deserialize(ended.Instance.Output!, SampleJson.Default.ParcelArray)!;
        parcels.Select(parcel => parcel.Item).ShouldBe(Enumerable.Range(0, Items), order);
        parcels.Select(parcel => parcel.Key).Distinct().Count().ShouldBe(Items, order);
        foreach (var parcel in parcels)
        {
            effects[parcel.Run].ShouldHaveSingleItem(order).ShouldBe(parcel.Key);
        }

        var completed = ended.History.Select(Turn.Completes).OfType<int>().ToList();
        completed.Count.ShouldBe(completed.Distinct().Count(), order);
        completed.Count.ShouldBe(Items + (2 * 4), order);
    }

    async Task<ChildProcess> StartAsync()
    {
        var desk = ChildProcess.Start("dotnet", [typeof(SampleDesk).Assembly.Location, root, $"{ChildProcess.FreePort()}"], new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["AzureWebJobsStorage"] = azurite.Azurite.ConnectionString,
            ["TickSchedule"] = "* * * * * *",
            [SampleDesk.EffectsVariable] = Path.Combine(root, "effects"),
        });
        await desk.LineAsync("The sample desk is ready.", Limit);
        return desk;
    }
}
