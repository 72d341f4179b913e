using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Watchdesk.Hosting.Embedded;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;

namespace Watchdesk.Benchmarks;

/// <summary>
/// The seed's load table once more: 1, 5, 10 and 20 threads, each of which sends its next request when it has the answer
/// to the last. Load and desk share this machine; %CPU is the desk's share of all cores.
/// </summary>
static class LoadTable
{
    const int People = 200;
    static readonly int[] Threads = [1, 5, 10, 20];
    static readonly string[] Bound = ["POST /signup", "POST /login", "POST /users"];

    public static async Task RunAsync(BenchmarkSettings settings)
    {
        await RunAsync(settings, "the table double", LoadDesk.Double, isDouble: true);
        var folder = Directory.CreateTempSubdirectory("watchdesk-load-").FullName;
        await using (var azurite = await Azurite.StartAsync(folder, inMemory: true, TimeProvider.System, Console.WriteLine, default))
        {
            await RunAsync(settings, "Azurite", azurite.ConnectionString, isDouble: false);
        }

        Directory.Delete(folder, recursive: true);
    }

    static async Task RunAsync(BenchmarkSettings settings, string name, string storage, bool isDouble)
    {
        var port = ChildProcess.FreePort();
        await using var desk = ChildProcess.Start("dotnet", [Environment.GetCommandLineArgs()[0], LoadDesk.Verb, $"{port}", storage], null);
        await desk.LineAsync("ready", TimeSpan.FromMinutes(1));
        using var client = Client($"http://127.0.0.1:{port}");
        await client.PostAsync($"/load/people?count=1&name={LoadDesk.Admin}", null);
        await client.PostAsync($"/load/people?count={People}&name=load", null);
        (await client.GetAsync("/api/v1.0/users")).EnsureSuccessStatusCode();
        Console.WriteLine($"\nload on {name}: {settings.Seconds:0.#} s a level; in brackets the seed's");
        Console.WriteLine($"{"",-20}{"threads",8}{"samples",16}{"average ms",16}{"min",12}{"max",14}{"requests/s",18}{"times",8}{"% CPU",10}{"memory KB",14}{"storage calls",15}");
        var verdicts = new List<(string Name, double Value, double Goal)>();
        foreach (var endpoint in SeedLoad.Lines.Keys)
        {
            // Half before and half after: a machine that slows down slows both.
            var hashes = Bound.Contains(endpoint) ? HashesPerSecond(settings) : 0;
            LoadLine last = null!;
            foreach (var threads in Threads)
            {
                var line = await LevelAsync(client, desk, endpoint, threads, settings, isDouble);
                var seed = SeedLoad.Lines[endpoint].FirstOrDefault(one => one.Threads == threads);
                Print(endpoint, line, seed);
                last = line;
            }

            var seeds = SeedLoad.Lines[endpoint][^1];
            if (SeedLoad.GoalOf(endpoint) is { } goal)
            {
                verdicts.Add(($"{endpoint}: times the seed's throughput", last.Rate / seeds.Rate, isDouble ? goal.Double : goal.Emulator));
            }
            else
            {
                hashes = (hashes + HashesPerSecond(settings)) / 2;
                verdicts.Add(($"{endpoint}: share of {hashes:0.0} hashes/s alone", last.Rate / hashes, 0.9));
            }
        }

        var figures = new Figures($"load on {name}, 20 threads");
        verdicts.ForEach(verdict => figures.AtLeast(verdict.Name, verdict.Value, verdict.Goal));
    }

    static async Task<LoadLine> LevelAsync(HttpClient client, ChildProcess desk, string endpoint, int threads, BenchmarkSettings settings, bool isDouble)
    {
        var run = $"{endpoint.GetHashCode(StringComparison.Ordinal):x}{threads}";
        var most = int.MaxValue;
        if (endpoint.StartsWith("DELETE", StringComparison.Ordinal))
        {
            // As many as a level can use up; it ends when they are gone.
            most = (int)Math.Min(settings.Seconds * (isDouble ? 6000 : 600), isDouble ? 200_000 : 12_000);
            await client.PostAsync($"/load/people?count={most}&name={run}-", null);
        }

        var (process, calls) = (Process.GetProcessById(desk.Id), await CallsAsync(client));
        var (cpu, next, since) = (process.TotalProcessorTime, -1L, Stopwatch.GetTimestamp());
        var workers = await Task.WhenAll(Enumerable.Range(0, threads).Select(_ => Task.Run(async () =>
        {
            var times = new List<double>();
            while (Stopwatch.GetElapsedTime(since) < settings.Level && Interlocked.Increment(ref next) is var n && n < most)
            {
                using var request = RequestOf(endpoint, run, n);
                var began = Stopwatch.GetTimestamp();
                using var answer = await client.SendAsync(request);
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                if (!answer.IsSuccessStatusCode)
                {
                    throw new InvalidOperationException($"{endpoint} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
                }
            }

            return times;
        })));
        var (took, all) = (Stopwatch.GetElapsedTime(since), workers.SelectMany(times => times).ToList());
        process.Refresh();
        return new LoadLine(
            threads, all.Count, all.Average(), all.Min(), all.Max(), all.Count / took.TotalSeconds,
            100 * (process.TotalProcessorTime - cpu) / took / Environment.ProcessorCount, process.WorkingSet64 / 1024.0, (double)(await CallsAsync(client) - calls) / all.Count);
    }

    static HttpRequestMessage RequestOf(string endpoint, string run, long n)
    {
        var method = new HttpMethod(endpoint[..endpoint.IndexOf(' ')]);
        var person = $"load{n % People}@example.org";
        return endpoint switch
        {
            "POST /signup" or "POST /users" => New(method, endpoint[6..], $$"""{"email":"new-{{run}}-{{n}}@example.org","name":"acme","password":"{{LoadDesk.Password}}","slackUser":"acme","riaId":"1","awsCredentials":{"region":"us-west-2","awsAccessKeyId":"secretKeyId","awsSecretAccessKey":"secretAccessKey"} }"""),
            "POST /login" => New(method, "login", $$"""{"email":"{{person}}","password":"{{LoadDesk.Password}}"}"""),
            "GET /users" => New(method, "users?limit=50", null),
            "PUT /users/{id}" => New(method, "users/" + person, $$"""{"email":"{{person}}","name":"acme","password":"********","slackUser":"modified-{{n}}","riaId":"1","awsCredentials":{"region":"us-west-2","awsAccessKeyId":"secretKeyId","awsSecretAccessKey":"secretAccessKey"} }"""),
            "DELETE /users/{id}" => New(method, $"users/{run}-{n}@example.org", null),
            _ => New(method, "users/" + person, null),
        };
    }

    static HttpRequestMessage New(HttpMethod method, string path, string? body) => new(method, "/api/v1.0/" + path.TrimStart('/'))
    {
        Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
    };

    static HttpClient Client(string url)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri(url), Timeout = TimeSpan.FromMinutes(10), DefaultRequestVersion = HttpVersion.Version11 };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{LoadDesk.Admin}:{LoadDesk.Password}")));
        return client;
    }

    static async Task<long> CallsAsync(HttpClient client) => long.Parse(await client.GetStringAsync("/load/calls"), CultureInfo.InvariantCulture);

    /// <summary>What all cores can derive while nothing else is going on.</summary>
    static double HashesPerSecond(BenchmarkSettings settings)
    {
        var (count, since, lasts) = (0L, Stopwatch.GetTimestamp(), TimeSpan.FromSeconds(Math.Clamp(settings.Seconds / 4, 2, 10)));
        Parallel.For(0, Environment.ProcessorCount, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, _ =>
        {
            while (Stopwatch.GetElapsedTime(since) < lasts)
            {
                Passwords.Hash(LoadDesk.Password);
                Interlocked.Increment(ref count);
            }
        });
        return count / Stopwatch.GetElapsedTime(since).TotalSeconds;
    }

    static void Print(string endpoint, LoadLine line, LoadLine? seed)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{endpoint,-20}{line.Threads,8}{Both(line.Samples, seed?.Samples, "0"),16}{Both(line.Average, seed?.Average, "0.#"),16}{Both(line.Min, seed?.Min, "0.#"),12}{Both(line.Max, seed?.Max, "0"),14}{Both(line.Rate, seed?.Rate, "0.#"),18}{(seed is null ? "" : Figures.Text(line.Rate / seed.Rate)),8}{Both(line.Cpu, seed?.Cpu, "0"),10}{line.Kilobytes.ToString("0", CultureInfo.InvariantCulture) + (seed is null ? "" : " (~0)"),14}{Figures.Text(line.Calls),15}"));
    }

    static string Both(double ours, double? seed, string format) =>
        ours.ToString(format, CultureInfo.InvariantCulture) + (seed is null ? "" : $" ({seed.Value.ToString(format, CultureInfo.InvariantCulture)})");
}
