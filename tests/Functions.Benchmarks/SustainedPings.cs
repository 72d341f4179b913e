namespace Watchdesk.Benchmarks;

/// <summary>3,000 pings/s, and how many messages wait meanwhile.</summary>
static class SustainedPings
{
    const int Rate = 3000;
    const int Samples = 24;

    public static async Task RunAsync(BenchmarkSettings settings)
    {
        await using var desk = await DeskUnderLoad.StartAsync(Math.Max(100, settings.Of(1000)));
        using var load = new PacedLoad(desk.Url, [.. desk.Jobs.Select(job => job.Path)], Rate);
        var warmup = await load.RunAsync(settings.Warmup);
        var running = load.RunAsync(settings.Sustained);
        var backlog = new long[Samples];
        for (var n = 0; n < Samples; n++)
        {
            await Task.Delay(settings.Sustained / Samples);
            backlog[n] = await desk.BacklogAsync();
        }

        var result = await running;
        var figures = new Figures($"sustained: {Rate:N0} pings/s for {settings.Sustained.TotalSeconds:N0} s");
        figures.AtLeast("acknowledged pings/s", result.Acknowledged / result.Seconds, Rate * 0.99);
        figures.Add("P99", Figures.Text(result.P99) + " ms");
        figures.Holds("refused", result.Refused == 0, $"{result.Refused}", "none");
        var (early, late) = (backlog[(Samples / 4)..(Samples / 2)].Average(), backlog[(Samples * 3 / 4)..].Average());
        // The consumer takes what came in up to 200 ms together: with a message a ping at worst, so many wait without being late.
        figures.Holds("messages waiting, second and last quarter on average", late <= Math.Max(early * 1.5, Rate * 0.2), $"{early:0.#}, {late:0.#}", "does not grow, or under 200 ms of pings");
        var drained = await desk.DrainAsync();
        await PingLevels.ReportStoredAsync(figures, desk, warmup.Acknowledged + result.Acknowledged, 0, drained);
        Console.WriteLine($"messages waiting, every {settings.Sustained.TotalSeconds / Samples:0.#} s: {string.Join(' ', backlog)}");
    }
}
