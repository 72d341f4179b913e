namespace Watchdesk.Benchmarks;

/// <summary>Run events in arrays of 100 over <c>POST /api/v1/heartbeats</c>, 16 connections.</summary>
static class HeartbeatArrays
{
    const int Events = 100;
    const int Connections = 16;

    public static async Task RunAsync(BenchmarkSettings settings)
    {
        await using var desk = await DeskUnderLoad.StartAsync(Math.Max(100, settings.Of(1000)));
        var random = new Random(1);
        var bodies = Enumerable.Range(0, 50).Select(_ => $"[{string.Join(',', Enumerable.Range(0, Events).Select(_ => Event()))}]");
        var posts = Wrk.Posts("/api/v1/heartbeats", $"Bearer {await desk.CreateKeyAsync()}", bodies);

        var figures = new Figures($"heartbeats: arrays of {Events} at {Connections} connections, {settings.Seconds:0.#} s");
        var warmup = await Wrk.RunAsync(desk.Url, Connections, settings.Warmup, posts);
        var measured = await Wrk.RunAsync(desk.Url, Connections, settings.Level, posts);
        figures.AtLeast("events/s", measured.Rate * Events, 80_000);
        figures.Add("P99", Figures.Text(measured.P99) + " ms");
        figures.Holds("errors", measured.Errors == 0, $"{measured.Errors}", "none");
        var drained = await desk.DrainAsync();
        await PingLevels.ReportStoredAsync(figures, desk, (warmup.Requests + measured.Requests) * Events, 2 * Connections * Events, drained);

        string Event() => $$"""{"job":"{{desk.Jobs[random.Next(desk.Jobs.Count)].Id}}","kind":"success"}""";
    }
}
