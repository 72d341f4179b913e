using System.Globalization;

namespace Watchdesk.Benchmarks;

/// <summary>Resident memory of the desk's own process beside the least Kestrel's, each after one request and after load.</summary>
static class MemoryUse
{
    const int Connections = 64;
    static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(BenchmarkSettings settings)
    {
        await using var kestrel = await KestrelProcess.StartAsync();
        await using var desk = await DeskUnderLoad.StartAsync(jobs: 1);
        await Task.Delay(Settle);
        var figures = new Figures("memory: resident, MB");
        var idle = Megabytes(kestrel.Pid, "VmRSS");
        figures.Add("the least Kestrel, idle", Figures.Text(idle));
        figures.AtMost("the desk, idle", Megabytes(desk.Pid, "VmRSS"), 2 * idle);

        var gets = Wrk.Gets(desk.Jobs.Select(job => job.Path));
        await Wrk.RunAsync(kestrel.Url, Connections, settings.Level / 2, gets);
        await Wrk.RunAsync(desk.Url, Connections, settings.Level, gets);
        figures.Add($"the least Kestrel, after {Connections} connections", Figures.Text(Megabytes(kestrel.Pid, "VmRSS")));
        figures.Add($"the desk, after {Connections} connections", Figures.Text(Megabytes(desk.Pid, "VmRSS")));
        figures.Add("the desk, at most", Figures.Text(Megabytes(desk.Pid, "VmHWM")));
    }

    static double Megabytes(int pid, string name)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith(name + ":", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
    }
}
