using System.Diagnostics;
using Watchdesk.Clients;
using Watchdesk.Hosting.Embedded;

namespace Watchdesk.Benchmarks;

/// <summary>Lists and search on the emulator with 50,000 mails, 5,000 incidents and 1,000 open ones, at 5 users; calls and rows without those of sign-in and audit.</summary>
static class ListFigures
{
    const int Users = 5;
    static readonly string[] Beside = [Tables.ApiKeys, Tables.Tenants, Tables.Audit, Tables.Users, Tables.Sessions];

    public static async Task RunAsync(BenchmarkSettings settings)
    {
        var folder = Directory.CreateTempSubdirectory("watchdesk-lists-").FullName;
        await using (var azurite = await Azurite.StartAsync(folder, inMemory: true, TimeProvider.System, Console.WriteLine, default))
        {
            await using var desk = await ListDesk.StartAsync(new StorageServices(() => StorageAccount.Parse(azurite.ConnectionString), TimeProvider.System));
            var now = TimeProvider.System.GetUtcNow();
            var (mails, incidents, open) = (settings.Of(50_000), settings.Of(5_000), settings.Of(1_000));
            var since = Stopwatch.GetTimestamp();
            await desk.SeedMailsAsync(mails, now);
            await desk.SeedIncidentsAsync(incidents, open, now);
            var figures = new Figures($"lists and search: {mails:N0} mails, {incidents:N0} incidents, {open:N0} open, {Users} users");
            figures.Add("seeded in", Figures.Text(Stopwatch.GetElapsedTime(since).TotalSeconds) + " s");
            await ListAsync(figures, desk, settings, "open incidents, page of 50", "/api/v1/incidents");
            await ListAsync(figures, desk, settings, "closed incidents, page of 50", "/api/v1/incidents?state=resolved");
            await MeasureAsync(figures, desk, settings, "mails, page of 50", "/api/v1/mail", mostCalls: 3, mostRows: null, mostMilliseconds: 200);
            foreach (var (name, q) in new[] { ("a frequent word", "backup"), ("a host and a word", "db07.example.org%20queue"), ("a rare word", "needle"), ("a word of no mail", "nothing"), ("a beginning", "repl*") })
            {
                await MeasureAsync(figures, desk, settings, $"search for {name}", $"/api/v1/search?q={q}", mostCalls: 50, mostRows: null, mostMilliseconds: 500);
            }
        }

        Directory.Delete(folder, recursive: true);
    }

    static Task ListAsync(Figures figures, ListDesk desk, BenchmarkSettings settings, string name, string path) =>
        MeasureAsync(figures, desk, settings, name, path, mostCalls: 3, mostRows: 100, mostMilliseconds: 200);

    static async Task MeasureAsync(Figures figures, ListDesk desk, BenchmarkSettings settings, string name, string path, int mostCalls, int? mostRows, double mostMilliseconds)
    {
        await GetAsync(desk, path);
        desk.Tables.Reset();
        await GetAsync(desk, path);
        var calls = desk.Tables.Calls.Where(call => !Beside.Contains(call.Table)).ToArray();
        figures.AtMost($"{name}: calls", calls.Length, mostCalls);
        if (mostRows is { } rows)
        {
            figures.AtMost($"{name}: rows read", calls.Sum(call => call.Rows), rows);
        }
        else
        {
            figures.Add($"{name}: rows read", Figures.Text(calls.Sum(call => call.Rows)));
        }

        var took = new List<double>();
        var end = Stopwatch.GetTimestamp() + (long)(settings.Seconds * Stopwatch.Frequency);
        await Task.WhenAll(Enumerable.Range(0, Users).Select(async _ =>
        {
            while (Stopwatch.GetTimestamp() < end)
            {
                var since = Stopwatch.GetTimestamp();
                await GetAsync(desk, path);
                lock (took)
                {
                    took.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
                }
            }
        }));
        figures.AtMost($"{name}: P95", took.Order().ElementAt((int)(took.Count * 0.95)), mostMilliseconds, " ms");
    }

    static async Task GetAsync(ListDesk desk, string path)
    {
        using var answer = await desk.Client.GetAsync(path);
        answer.EnsureSuccessStatusCode();
        await answer.Content.ReadAsByteArrayAsync();
    }
}
