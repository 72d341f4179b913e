using System.Diagnostics;

namespace Watchdesk.Benchmarks;

/// <summary>Points in arrays of 1,000 over <c>POST /api/v1/metrics</c>, 8 connections, and until the last is in its sketch.</summary>
static class MetricPoints
{
    const int Points = 1000;
    const int Connections = 8;
    const int Metrics = 20;
    const int Hosts = 10;

    public static async Task RunAsync(BenchmarkSettings settings)
    {
        await using var desk = await DeskUnderLoad.StartAsync(1);
        var random = new Random(1);
        var bodies = Enumerable.Range(0, 20).Select(_ => $"[{string.Join(',', Enumerable.Range(0, Points).Select(_ => Point()))}]");
        var posts = Wrk.Posts("/api/v1/metrics", $"Bearer {await desk.CreateKeyAsync()}", bodies);

        var figures = new Figures($"metrics: arrays of {Points:N0} points of {Metrics} metrics and {Hosts} hosts at {Connections} connections, {settings.Seconds:0.#} s");
        var since = Stopwatch.GetTimestamp();
        var measured = await Wrk.RunAsync(desk.Url, Connections, settings.Level, posts);
        figures.Add("points/s accepted", Figures.Text(measured.Rate * Points));
        figures.Add("P99 of a request", Figures.Text(measured.P99) + " ms");
        figures.Holds("errors", measured.Errors == 0, $"{measured.Errors}", "none");
        await desk.DrainAsync();
        var took = Stopwatch.GetElapsedTime(since);
        var stored = await desk.CountPointsAsync(Enumerable.Range(0, Metrics).Select(n => $"m{n}"));
        figures.Add("points/s in, until the last was in its sketch", Figures.Text(stored / took.TotalSeconds));
        var (least, most) = (measured.Requests * Points, (measured.Requests + (2 * Connections)) * Points);
        figures.Holds("points stored of those accepted", stored >= least && stored <= most, $"{stored:N0}", $"{least:N0} to {most:N0}");

        string Point() => $$"""{"name":"m{{random.Next(Metrics)}}","value":{{random.Next(1000)}},"dimensions":{"host":"h{{random.Next(Hosts)}}"} }""";
    }
}
