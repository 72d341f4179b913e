using System.Diagnostics;
using Watchdesk.Clients;

namespace Watchdesk.Benchmarks;

/// <summary>
/// Acknowledged pings/s over 1,000 random jobs, the consumer running, beside the least Kestrel: half of its time at each
/// level comes before the desk's and half after, so that a machine that slows down slows both. Each level begins with an
/// empty queue.
/// </summary>
static class PingLevels
{
    static readonly int[] Levels = [1, 8, 64, 256];

    public static async Task RunAsync(BenchmarkSettings settings)
    {
        await using var kestrel = await KestrelProcess.StartAsync();
        await using var desk = await DeskUnderLoad.StartAsync(Math.Max(100, settings.Of(1000)));
        var (answered, cutOff, put) = (0L, 0L, await OnePutAsync(desk.Queues));
        var figures = new Figures($"pings: {desk.Jobs.Count:N0} jobs, {settings.Seconds:0.#} s a level, emulator in memory");
        figures.Add("one queue put alone, P50", Figures.Text(put) + " ms");
        foreach (var connections in Levels)
        {
            var level = await LevelAsync(settings, kestrel, desk, connections);
            answered += level.Answered;
            cutOff += 2 * connections;
            Report(figures, level, connections, put);
        }

        var drained = await desk.DrainAsync();
        await ReportStoredAsync(figures, desk, answered, cutOff, drained);
    }

    public static async Task RunOnDiskAsync(BenchmarkSettings settings)
    {
        await using var kestrel = await KestrelProcess.StartAsync();
        await using var desk = await DeskUnderLoad.StartAsync(Math.Max(100, settings.Of(1000)), onDisk: true);
        var figures = new Figures("pings with the emulator on disk");
        var level = await LevelAsync(settings, kestrel, desk, 64);
        figures.Add("64 connections: pings/s", Figures.Text(level.Desk.Rate));
        figures.Add("64 connections: share of the least Kestrel", Figures.Text(level.Share));
        figures.Add("64 connections: P99", Figures.Text(level.Desk.P99) + " ms");
        var drained = await desk.DrainAsync();
        await ReportStoredAsync(figures, desk, level.Answered, 2 * 64, drained);
    }

    /// <summary>wrk breaks off what is under way when its time is over: that may be stored without having been acknowledged.</summary>
    public static async Task ReportStoredAsync(Figures figures, DeskUnderLoad desk, long acknowledged, long cutOff, TimeSpan drained)
    {
        var stored = await desk.OccurrencesAsync() - desk.Jobs.Count;
        figures.Add("the queue was empty after", Figures.Text(drained.TotalSeconds) + " s");
        figures.Holds("acknowledged and stored", stored >= acknowledged && stored <= acknowledged + cutOff, $"{acknowledged:N0}/{stored:N0}", $"equal, but for at most {cutOff} that were cut off");
    }

    static async Task<Level> LevelAsync(BenchmarkSettings settings, KestrelProcess kestrel, DeskUnderLoad desk, int connections)
    {
        var gets = Wrk.Gets(desk.Jobs.Select(job => job.Path));
        await Wrk.RunAsync(kestrel.Url, connections, settings.Warmup, gets);
        var before = await Wrk.RunAsync(kestrel.Url, connections, settings.Level / 2, gets);
        await desk.DrainAsync();
        var warmup = await Wrk.RunAsync(desk.Url, connections, settings.Warmup, gets);
        var measured = await Wrk.RunAsync(desk.Url, connections, settings.Level, gets);
        var after = await Wrk.RunAsync(kestrel.Url, connections, settings.Level / 2, gets);
        return new Level(measured, (before.Rate + after.Rate) / 2, warmup.Requests + measured.Requests);
    }

    static void Report(Figures figures, Level level, int connections, double put)
    {
        var name = $"{connections} connections: ";
        figures.Add(name + "the least Kestrel, requests/s", Figures.Text(level.Kestrel));
        switch (connections)
        {
            case 1:
                figures.Add(name + "pings/s", Figures.Text(level.Desk.Rate));
                figures.AtMost(name + "P50", level.Desk.P50, 2 * put, " ms");
                break;
            case 64:
                figures.AtLeast(name + "pings/s", level.Desk.Rate, 10_000);
                figures.AtLeast(name + "share of the least Kestrel", level.Share, 0.3);
                figures.AtMost(name + "P99", level.Desk.P99, 100, " ms");
                break;
            case 256:
                figures.Add(name + "pings/s", Figures.Text(level.Desk.Rate));
                figures.AtLeast(name + "share of the least Kestrel", level.Share, 0.45);
                break;
            default:
                figures.Add(name + "pings/s", Figures.Text(level.Desk.Rate));
                figures.Add(name + "share of the least Kestrel", Figures.Text(level.Share));
                break;
        }

        figures.Holds(name + "errors", level.Desk.Errors == 0, $"{level.Desk.Errors}", "none");
    }

    /// <summary>Median of a message like that of one ping, put while nothing else is going on.</summary>
    static async Task<double> OnePutAsync(StorageQueueClient queues)
    {
        const int Puts = 500;
        var body = Envelope.Write("runs", "main", Guid.NewGuid().ToString("N"), null, System.Text.Encoding.UTF8.GetBytes($"[{new string(' ', 120)}]"));
        var times = new double[2 * Puts];
        for (var n = 0; n < times.Length; n++)
        {
            var since = Stopwatch.GetTimestamp();
            await queues.SendAsync("onlyputs", body, "", default);
            times[n] = Stopwatch.GetElapsedTime(since).TotalMilliseconds;
        }

        await EmptyAsync(queues);
        return times[Puts..].Order().ElementAt(Puts / 2);
    }

    /// <summary>What is left in any queue makes every call to the emulator dearer: it sorts all messages after each delete.</summary>
    static async Task EmptyAsync(StorageQueueClient queues)
    {
        while (await queues.GetAsync("onlyputs", StorageQueueClient.MaxTake, TimeSpan.FromMinutes(5), default) is { Count: > 0 } left)
        {
            foreach (var message in left)
            {
                await queues.DeleteAsync("onlyputs", message, default);
            }
        }
    }

    sealed record Level(WrkResult Desk, double Kestrel, long Answered)
    {
        public double Share => Desk.Rate / Kestrel;
    }
}
