using System.Diagnostics;
using Watchdesk.Clients;
using Watchdesk.Hosting.Embedded;
using Watchdesk.Tests.Support;

namespace Watchdesk.Benchmarks;

/// <summary>
/// One tick over many jobs of which none, 10,000 stale, 100 and 10,000 truly are due. Stale: heard of since their index
/// row was written, so that they only move on.
/// </summary>
static class TickFigures
{
    const int OnEmulator = 100_000;
    const int InMemory = 1_000_000;

    public static async Task RunAsync(BenchmarkSettings settings)
    {
        var sizes = new DueSizes(settings.Of(10_000), Math.Max(20, settings.Of(100)), settings.Of(10_000));
        await InMemoryAsync(new DueSizes(100, 20, 100), 1000, figures: null);
        var few = await InMemoryAsync(sizes, settings.Of(OnEmulator), new Figures($"tick: {settings.Of(OnEmulator):N0} jobs in memory"));
        var many = await InMemoryAsync(sizes, settings.Of(InMemory), new Figures($"tick: {settings.Of(InMemory):N0} jobs in memory"));
        await OnEmulatorAsync(sizes, settings.Of(OnEmulator));

        var figures = new Figures("tick: calls with ten times the jobs that are not due");
        // Ids are random, so that one batch more or less can be needed.
        figures.Holds("calls of the four ticks", few.Zip(many).All(calls => calls.Second <= calls.First + 5), string.Join(' ', many), $"{string.Join(' ', few)} as with a tenth");
    }

    static async Task<int[]> InMemoryAsync(DueSizes sizes, int jobs, Figures? figures)
    {
        await using var desk = new TickDesk(new MemoryTables());
        await desk.SeedAsync(sizes, jobs);
        return await TicksAsync(desk, sizes, figures, isEmulator: false);
    }

    static async Task OnEmulatorAsync(DueSizes sizes, int jobs)
    {
        var folder = Directory.CreateTempSubdirectory("watchdesk-tick-").FullName;
        await using (var azurite = await Azurite.StartAsync(folder, inMemory: true, TimeProvider.System, Console.WriteLine, default))
        {
            var account = StorageAccount.Parse(azurite.ConnectionString);
            await using var desk = new TickDesk(new AzureTables(new StorageServices(() => account, TimeProvider.System).Tables()));
            Console.WriteLine($"writing {jobs:N0} jobs to the emulator …");
            await desk.SeedAsync(sizes, jobs);
            await TicksAsync(desk, sizes, new Figures($"tick: {jobs:N0} jobs on the emulator"), isEmulator: true);
        }

        Directory.Delete(folder, recursive: true);
    }

    static async Task<int[]> TicksAsync(TickDesk desk, DueSizes sizes, Figures? figures, bool isEmulator)
    {
        await desk.TickAsync(TickDesk.FirstTick);
        (string Name, DateTimeOffset At, int Due)[] ticks =
        [
            ("0 due", TickDesk.NoneDue, 0),
            ($"{sizes.Stale:N0} stale", TickDesk.StaleDue, sizes.Stale),
            ($"{sizes.Few:N0} due", TickDesk.FewDue, sizes.Few),
            ($"{sizes.Many:N0} due", TickDesk.ManyDue, sizes.Many),
        ];
        var calls = new List<int>();
        foreach (var (name, at, due) in ticks)
        {
            var (took, alone) = await MeasureAsync(desk, at, repeat: due == 0 ? 21 : 1, isEmulator);
            calls.Add(desk.Tables.Calls.Count);
            if (figures is not null)
            {
                Report(figures, desk, name, due, took);
                ReportTime(figures, name, due, took, alone);
            }
        }

        return [.. calls];
    }

    static void Report(Figures figures, TickDesk desk, string name, int due, TimeSpan took)
    {
        var calls = desk.Tables.Calls;
        figures.Add($"{name}: took", Figures.Text(took.TotalMilliseconds) + " ms");
        if (due == 0)
        {
            figures.AtMost($"{name}: calls", calls.Count, 10);
            figures.AtMost($"{name}: rows of jobs and of the index read", calls.Where(call => call.Writes is null && call.Table is Tables.JobState or Tables.Due).Sum(call => call.Rows), 0);
            return;
        }

        figures.Add($"{name}: calls", $"{calls.Count:N0}");
        figures.AtMost($"{name}: point reads of each", calls.Count(call => call.Read is not null && call.Table is Tables.JobState or Tables.Due) / (double)due, 1);
        figures.Add($"{name}: point reads for incidents and search, which a storm bounds", $"{calls.Count(call => call.Read is not null && call.Table is Tables.Incidents or Tables.Words):N0}");
        figures.AtMost($"{name}: rows written of each (1/100 of a batch)", calls.Where(call => call.Table is Tables.JobState or Tables.Due).Sum(call => call.Writes?.Count ?? 0) / (double)due, 5);
        figures.Add($"{name}: writes", $"{calls.Count(call => call.Writes is not null):N0}");
    }

    static void ReportTime(Figures figures, string name, int due, TimeSpan took, TimeSpan? alone)
    {
        if (alone is { } sum)
        {
            figures.AtMost($"{name}: time against its calls one by one ({Figures.Text(sum.TotalMilliseconds)} ms)", took / sum, 1.5);
        }
        else if (due >= 1000)
        {
            figures.AtMost($"{name}: time", took.TotalSeconds, 1, " s");
        }
    }

    /// <summary>A tick on which nothing is due can be repeated: the median then.</summary>
    static async Task<(TimeSpan Took, TimeSpan? Alone)> MeasureAsync(TickDesk desk, DateTimeOffset at, int repeat, bool isEmulator)
    {
        var (took, alone) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var n = 0; n < repeat; n++)
        {
            desk.Tables.Reset();
            var since = Stopwatch.GetTimestamp();
            await desk.TickAsync(at);
            took.Add(Stopwatch.GetElapsedTime(since));
            if (isEmulator)
            {
                alone.Add(await desk.Tables.TimeAloneAsync());
            }
        }

        return (took.Order().ElementAt(repeat / 2), isEmulator ? alone.Order().ElementAt(repeat / 2) : null);
    }
}
