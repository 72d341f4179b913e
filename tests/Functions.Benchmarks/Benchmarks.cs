using System.Globalization;

namespace Watchdesk.Benchmarks;

/// <summary>What to measure and how large.</summary>
/// <param name="Seconds">Per level of load.</param>
/// <param name="Scale">1 is the size that the goals are set for.</param>
sealed record BenchmarkSettings(double Seconds = 30, double Scale = 1)
{
    public int Of(int whole) => Math.Max(1, (int)(whole * Scale));

    public TimeSpan Warmup => TimeSpan.FromSeconds(Math.Max(1, Seconds / 6));

    public TimeSpan Level => TimeSpan.FromSeconds(Seconds);

    public TimeSpan Sustained => TimeSpan.FromSeconds(Seconds * 4);
}

/// <summary>Every figure by its name. Whether a goal is met is printed and decides nothing: a machine may be busy.</summary>
static class Benchmarks
{
    static readonly Dictionary<string, (string Says, Func<BenchmarkSettings, Task> Run)> All = new(StringComparer.Ordinal)
    {
        ["pings"] = ("acknowledged pings/s at 1, 8, 64, 256 connections beside the least Kestrel", PingLevels.RunAsync),
        ["heartbeats"] = ("events/s in arrays of 100 at 16 connections", HeartbeatArrays.RunAsync),
        ["sustained"] = ("3,000 pings/s, and whether the queue grows", SustainedPings.RunAsync),
        ["disk"] = ("pings/s at 64 connections with the emulator on disk", PingLevels.RunOnDiskAsync),
        ["tick"] = ("one tick with 100,000 jobs on the emulator and 1,000,000 in memory", TickFigures.RunAsync),
        ["coldstart"] = ("process start to first answered invocation, beside the least Kestrel", ColdStart.RunAsync),
        ["mails"] = ("mails/s with tags and body, end to end", MailFigures.RunAsync),
        ["lists"] = ("lists and search with 50,000 mails and 5,000 incidents", ListFigures.RunAsync),
        ["metrics"] = ("metric points/s in arrays of 1,000, end to end", MetricPoints.RunAsync),
        ["rules"] = ("evaluations/s of threshold rules", RuleFigures.RunAsync),
        ["sketch"] = ("error of percentiles against exact ones, bytes, merges/s", SketchFigures.RunAsync),
        ["load"] = ("the seed's load table of the user service at 1, 5, 10, 20 threads, on the table double and on the emulator", LoadTable.RunAsync),
        ["durable"] = ("orchestrations of the embedded engine beside Microsoft's figures of one instance, and the replay of a long history", DurableFigures.RunAsync),
        ["memory"] = ("resident memory, idle and loaded", MemoryUse.RunAsync),
    };

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is [LoadDesk.Verb, ..])
        {
            return await LoadDesk.ServeAsync(args[1..]);
        }

        var names = args.TakeWhile(arg => !arg.StartsWith('-')).ToArray();
        if (names is ["all"])
        {
            names = [.. All.Keys];
        }

        if (names.Length == 0 || !names.All(All.ContainsKey) || Read(args[names.Length..], names is ["load"] ? 120 : 30) is not { } settings)
        {
            await Console.Out.WriteLineAsync("usage: dotnet run -c Release --project tests/Functions.Benchmarks -- <name>… [--seconds N] [--scale 0.1]\n\n"
                + string.Join('\n', All.Select(figure => $"  {figure.Key,-12}{figure.Value.Says}")) + "\n  all         every one of them");
            return 2;
        }

        foreach (var name in names)
        {
            await All[name].Run(settings);
        }

        return 0;
    }

    /// <param name="seconds">When nothing is said.</param>
    static BenchmarkSettings? Read(string[] switches, double seconds)
    {
        var settings = new BenchmarkSettings(seconds);
        var hasSeconds = false;
        for (var n = 0; n < switches.Length; n += 2)
        {
            if (n + 1 == switches.Length || !double.TryParse(switches[n + 1], CultureInfo.InvariantCulture, out var value) || value <= 0)
            {
                return null;
            }

            switch (switches[n])
            {
                case "--seconds":
                    settings = settings with { Seconds = value };
                    hasSeconds = true;
                    break;
                case "--scale":
                    settings = settings with { Scale = value };
                    break;
                default:
                    return null;
            }
        }

        return hasSeconds ? settings : settings with { Seconds = Math.Max(1, settings.Seconds * settings.Scale) };
    }
}
