using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Watchdesk.Benchmarks;

/// <summary>What wrk counted. Times in milliseconds.</summary>
sealed record WrkResult(long Requests, double Seconds, long Errors, double P50, double P99)
{
    public double Rate => Requests / Seconds;
}

/// <summary>Load by wrk: each connection sends its next request when it has the answer to the last.</summary>
static class Wrk
{
    /// <param name="setup">Lua that fills the table <c>requests</c>.</param>
    public static async Task<WrkResult> RunAsync(string url, int connections, TimeSpan duration, string setup)
    {
        var script = Path.GetTempFileName();
        await File.WriteAllTextAsync(script, Script(setup));
        try
        {
            using var wrk = Process.Start(new ProcessStartInfo("wrk", [$"-t{Math.Min(2, connections)}", $"-c{connections}", $"-d{Math.Ceiling(duration.TotalSeconds).ToString(CultureInfo.InvariantCulture)}s", "--timeout", "10s", "-s", script, url])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            })!;
            var said = await wrk.StandardOutput.ReadToEndAsync();
            await wrk.WaitForExitAsync();
            var line = said.Split('\n').LastOrDefault(line => line.StartsWith('{')) ?? throw new InvalidOperationException($"wrk said no figures:\n{said}");
            var figures = JsonDocument.Parse(line).RootElement;
            return new WrkResult(Number("requests") - Number("status"), figures.GetProperty("seconds").GetDouble(), Number("errors"), figures.GetProperty("p50").GetDouble(), figures.GetProperty("p99").GetDouble());

            long Number(string name) => figures.GetProperty(name).GetInt64();
        }
        finally
        {
            File.Delete(script);
        }
    }

    /// <summary>GET of one of these paths at random, each time anew.</summary>
    public static string Gets(IEnumerable<string> paths) =>
        string.Concat(paths.Select(path => $"requests[#requests + 1] = wrk.format('GET', '{path}')\n"));

    /// <summary>POST of one of these bodies at random.</summary>
    public static string Posts(string path, string authorization, IEnumerable<string> bodies, string contentType = "application/json") =>
        $"local headers = {{ ['Content-Type'] = '{contentType}', ['Authorization'] = '{authorization}', ['Host'] = wrk.headers['Host'] }}\n"
        + string.Concat(bodies.Select(body => $"requests[#requests + 1] = wrk.format('POST', '{path}', headers, '{body}')\n"));

    static string Script(string setup) => $$"""
        local seed = 0
        function setup(thread) seed = seed + 1; thread:set('seed', seed) end
        requests = {}
        function init(args)
          math.randomseed(os.time() + seed)
          {{setup}}
        end
        function request() return requests[math.random(#requests)] end
        function done(summary, latency)
          local e = summary.errors
          io.write(string.format('{"requests":%d,"seconds":%f,"status":%d,"errors":%d,"p50":%f,"p99":%f}\n',
            summary.requests, summary.duration / 1e6, e.status, e.connect + e.read + e.write + e.timeout + e.status,
            latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
        end
        """;
}
