using System.Collections.Concurrent;
using System.Diagnostics;

namespace Watchdesk.Benchmarks;

/// <summary>Pings at a set rate, whether or not earlier ones were answered; every answer is waited for.</summary>
sealed class PacedLoad(string url, IReadOnlyList<string> paths, int rate) : IDisposable
{
    static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    readonly HttpClient _client = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = new Uri(url) };
    readonly Random _random = new(1);

    public sealed record Result(long Acknowledged, long Refused, double Seconds, double P99);

    public async Task<Result> RunAsync(TimeSpan duration)
    {
        var times = new ConcurrentBag<double>();
        var refused = 0L;
        var pings = new List<Task>();
        var since = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(since) < duration)
        {
            while (pings.Count < rate * Stopwatch.GetElapsedTime(since).TotalSeconds)
            {
                pings.Add(PingAsync(paths[_random.Next(paths.Count)]));
            }

            await Task.Delay(Step);
        }

        await Task.WhenAll(pings);
        var seconds = Stopwatch.GetElapsedTime(since).TotalSeconds;
        return new Result(times.Count, refused, seconds, times.IsEmpty ? 0 : times.Order().ElementAt(times.Count * 99 / 100));

        async Task PingAsync(string path)
        {
            var sent = Stopwatch.GetTimestamp();
            try
            {
                using var answer = await _client.GetAsync(path);
                if (answer.IsSuccessStatusCode)
                {
                    times.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Counted below like any other refusal.
            }

            Interlocked.Increment(ref refused);
        }
    }

    public void Dispose() => _client.Dispose();
}
