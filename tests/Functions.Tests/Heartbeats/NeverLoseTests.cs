using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Heartbeats;
using Watchdesk.Hosting.Embedded;
using Watchdesk.Tests.Support;
using Xunit.Abstractions;

namespace Watchdesk.Tests.Heartbeats;

/// <summary>A heartbeat that was answered with 202 is there exactly once, whatever was killed or away meanwhile.</summary>
[Trait("Size", "Large")]
[Trait("Demand", "S3-22")]
[Collection(nameof(NeverLoseTests))]
public sealed class NeverLoseTests(ITestOutputHelper output)
{
    const int Clients = 8;

    [Fact]
    public async Task Every_acknowledged_heartbeat_is_there_once_after_kills_and_storage_stops()
    {
        var folder = Directory.CreateTempSubdirectory("watchdesk-never-lose").FullName;
        var port = ChildProcess.FreePort();
        var (kills, stops) = (TestScale.Of(20), TestScale.Of(3));
        var desk = await DeskProcess.StartAsync(folder, port);
        var key = await KeyAsync(desk);
        using var done = new CancellationTokenSource();
        var senders = Enumerable.Range(0, Clients).Select(n => new Sender(n, desk.Url, key, done.Token)).ToArray();
        var sending = Task.WhenAll(senders.Select(sender => Task.Run(sender.RunAsync)));
        for (var round = 0; round < kills; round++)
        {
            await Task.Delay(TimeSpan.FromSeconds(3));
            if (round * stops / kills != (round + 1) * stops / kills)
            {
                StopStorage(folder);
                await Task.Delay(TimeSpan.FromSeconds(5));
            }

            await desk.Process.KillAsync();
            await desk.DisposeAsync();
            desk = await DeskProcess.StartAsync(folder, port);
        }

        await Task.Delay(TimeSpan.FromSeconds(3));
        await done.CancelAsync();
        await sending;
        await CheckAsync(desk, senders);
        await desk.DisposeAsync();
        await CheckLogAsync(folder, senders);
        output.WriteLine($"{kills} kills, {stops} storage stops: {senders.Sum(s => s.Acknowledged.Count)} acknowledged, {senders.Sum(s => s.Unanswered.Count)} not");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Storage_that_is_away_under_load_costs_nothing_but_time()
    {
        var folder = Directory.CreateTempSubdirectory("watchdesk-away").FullName;
        await using var azurite = await Azurite.StartAsync(Path.Combine(folder, "storage"), inMemory: false, TimeProvider.System, _ => { }, default);
        var away = TimeSpan.FromSeconds(TestScale.Of(600));
        var desk = await DeskProcess.StartAsync(Path.Combine(folder, "desk"), ChildProcess.FreePort(), [], new Dictionary<string, string> { ["AzureWebJobsStorage"] = azurite.ConnectionString });
        var key = await KeyAsync(desk);
        using var done = new CancellationTokenSource();
        var senders = Enumerable.Range(0, Clients).Select(n => new Sender(n, desk.Url, key, done.Token)).ToArray();
        var sending = Task.WhenAll(senders.Select(sender => Task.Run(sender.RunAsync)));
        await Task.Delay(TimeSpan.FromSeconds(5));
        foreach (var service in new[] { AzuriteService.Queue, AzuriteService.Table, AzuriteService.Blob })
        {
            await azurite.StopServiceAsync(service, default);
        }

        var before = ResidentMegabytes(desk);
        await Task.Delay(away);
        var after = ResidentMegabytes(desk);
        foreach (var service in new[] { AzuriteService.Blob, AzuriteService.Table, AzuriteService.Queue })
        {
            await azurite.StartServiceAsync(service, default);
        }

        await Task.Delay(TimeSpan.FromSeconds(10));
        await done.CancelAsync();
        await sending;
        senders.ShouldAllBe(sender => sender.AfterOutage > 0, "every client gets through again");
        await CheckAsync(desk, senders);
        var letters = await desk.Client().GetFromJsonAsync<JsonElement>("/api/v1/deadletters");
        letters.GetProperty("items").GetArrayLength().ShouldBe(0);
        (after - before).ShouldBeLessThan(300, $"{before} MB before, {after} MB after {away}");
        output.WriteLine($"storage away {away}: {senders.Sum(s => s.Acknowledged.Count)} acknowledged, {senders.Sum(s => s.Unanswered.Count)} not; RSS {before} MB before, {after} MB at its end");
        await desk.DisposeAsync();
    }

    /// <summary>Counters equal the distinct heartbeats: all acknowledged ones, and some that were never answered.</summary>
    static async Task CheckAsync(DeskProcess desk, Sender[] senders)
    {
        var client = desk.Client();
        foreach (var sender in senders)
        {
            var successes = 0L;
            for (var tries = 0; tries < 60; tries++)
            {
                var job = await client.GetFromJsonAsync<JsonElement>($"/api/v1/jobs/{sender.Job}");
                var now = job.GetProperty("statistics").GetProperty("successes").GetInt64();
                if (now == successes && now >= sender.Acknowledged.Count)
                {
                    break;
                }

                successes = now;
                await Task.Delay(TimeSpan.FromSeconds(1));
            }

            successes.ShouldBeInRange(sender.Acknowledged.Count, sender.Acknowledged.Count + sender.Unanswered.Count, sender.Job);
            sender.Stored = successes;
        }
    }

    async Task CheckLogAsync(string folder, Sender[] senders)
    {
        await using var azurite = await Azurite.StartAsync(folder, inMemory: false, TimeProvider.System, _ => { }, default);
        var blobs = new BlobClient(new StorageServices(() => StorageAccount.Parse(azurite.ConnectionString), TimeProvider.System).Blobs());
        var runs = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        await foreach (var name in blobs.ListAsync(EventLog.Container, "", default))
        {
            await foreach (var line in blobs.ReadLinesAsync(EventLog.Container, name, default))
            {
                using var document = JsonDocument.Parse(line);
                if (document.RootElement.GetProperty("kind").GetString() == "run")
                {
                    var run = InboxItem.Read(document.RootElement.GetProperty("item")).RunId!;
                    (runs.TryGetValue(run.Split('-')[0], out var set) ? set : runs[run.Split('-')[0]] = new(StringComparer.Ordinal)).Add(run);
                }
            }
        }

        foreach (var sender in senders)
        {
            var logged = runs[sender.Job];
            sender.Acknowledged.Keys.Where(run => !logged.Contains(run)).ShouldBeEmpty();

            sender.Stored.ShouldBe(logged.Count, $"{sender.Job}: each distinct heartbeat counts once");
            output.WriteLine($"{sender.Job}: counter {sender.Stored}, distinct in the log {logged.Count}");
        }
    }

    static async Task<string> KeyAsync(DeskProcess desk)
    {
        var answer = await desk.Client().PostAsJsonAsync("/api/v1/keys", new { name = "never-lose", scopes = new[] { "ping", "create" } });
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key").GetString()!;
    }

    static void StopStorage(string folder)
    {
        foreach (var entry in AzuriteState.Read(Path.Combine(folder, "azurite.json")).Services.Values)
        {
            OtherProcess.AskToStop(entry.Pid);
        }
    }

    static long ResidentMegabytes(DeskProcess desk)
    {
        using var process = System.Diagnostics.Process.GetProcessById(desk.Process.Id);
        return process.WorkingSet64 / (1024 * 1024);
    }

    /// <summary>Sends numbered heartbeats one after the other; every other one that gets no answer is sent again.</summary>
    sealed class Sender(int number, string url, string key, CancellationToken done)
    {
        readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(15), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };

        public string Job => $"client{number}";

        public ConcurrentDictionary<string, bool> Acknowledged { get; } = new(StringComparer.Ordinal);

        public List<string> Unanswered { get; } = [];

        public long Stored { get; set; }

        /// <summary>Acknowledged ones since the last that was not.</summary>
        public int AfterOutage { get; private set; }

        public async Task RunAsync()
        {
            for (var n = 0; !done.IsCancellationRequested; n++)
            {
                var run = $"{Job}-{n}";
                var isKnown = await SendAsync(run);
                for (var tries = 0; !isKnown && n % 2 == 0 && tries < 100 && !done.IsCancellationRequested; tries++)
                {
                    isKnown = await SendAsync(run);
                }

                if (isKnown)
                {
                    Acknowledged[run] = true;
                    AfterOutage++;
                }
                else
                {
                    Unanswered.Add(run);
                    AfterOutage = 0;
                }
            }
        }

        async Task<bool> SendAsync(string run)
        {
            try
            {
                var answer = await _client.PostAsJsonAsync($"{url}/api/v1/heartbeats", new[] { new { job = Job, kind = "success", runId = run } });
                if (answer.StatusCode == HttpStatusCode.Accepted)
                {
                    return true;
                }

                answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, "nothing but 503 while storage is away");
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
            {
                // Killed, or not back yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200));
            return false;
        }
    }
}
