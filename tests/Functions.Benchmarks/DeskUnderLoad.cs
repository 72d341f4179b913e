using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Heartbeats;
using Watchdesk.Hosting.Embedded;
using Watchdesk.Tests.Support;

namespace Watchdesk.Benchmarks;

/// <summary>The published desk as a process of its own, the emulator's three processes, and jobs to ping.</summary>
sealed class DeskUnderLoad : IAsyncDisposable
{
    const string Password = "correct horse";
    static readonly TimeSpan ReadyLimit = TimeSpan.FromMinutes(3);

    readonly ChildProcess _process;
    readonly Azurite? _azurite;
    readonly string _folder;
    readonly HttpClient _client;

    DeskUnderLoad(ChildProcess process, Azurite? azurite, string folder, string url)
    {
        (_process, _azurite, _folder, Url) = (process, azurite, folder, url);
        _client = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromMinutes(2) };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{Password}")));
    }

    public string Url { get; }

    public int Pid => _process.Id;

    public StorageQueueClient Queues { get; private init; } = null!;

    /// <summary>Ids and ping paths of the jobs that were made, each of which was pinged once.</summary>
    public IReadOnlyList<(string Id, string Path)> Jobs { get; private set; } = [];

    public static async Task<DeskUnderLoad> StartAsync(int jobs, bool onDisk = false)
    {
        var program = await Published.DeskAsync();
        var folder = Directory.CreateTempSubdirectory("watchdesk-load-").FullName;
        var azurite = onDisk ? null : await Azurite.StartAsync(Path.Combine(folder, "storage"), inMemory: true, TimeProvider.System, Console.WriteLine, default);
        var port = ChildProcess.FreePort();
        var environment = azurite is null ? [] : new Dictionary<string, string>(StringComparer.Ordinal) { ["AzureWebJobsStorage"] = azurite.ConnectionString };
        var process = ChildProcess.Start(program, ["--port", $"{port}", "--data", Path.Combine(folder, "data"), "--admin-password", Password], environment);
        await process.LineAsync("Watchdesk is ready at", ReadyLimit);
        var connection = azurite?.ConnectionString ?? ConnectionOf(Path.Combine(folder, "data", "azurite.json"));
        var desk = new DeskUnderLoad(process, azurite, folder, $"http://127.0.0.1:{port}")
        {
            Queues = new StorageQueueClient(new StorageServices(() => StorageAccount.Parse(connection), TimeProvider.System).Queues()),
        };
        desk.Jobs = await desk.CreateJobsAsync(jobs);
        return desk;
    }

    public async Task<string> CreateKeyAsync()
    {
        using var answer = await _client.PostAsync("/api/v1/keys", Json("""{"name":"load","scopes":["ping"]}"""));
        return (await BodyAsync(answer)).GetProperty("key").GetString()!;
    }

    /// <summary>How many run events the jobs have counted.</summary>
    public Task<long> OccurrencesAsync() =>
        SumAsync("/api/v1/jobs", jobs => jobs.EnumerateArray().Sum(job => job.GetProperty("statistics").GetProperty("occurrences").GetInt64()));

    public Task<long> CountMailsAsync() => SumAsync("/api/v1/mail", mails => mails.GetArrayLength());

    /// <summary>How many points the metrics of the last hour hold.</summary>
    public async Task<long> CountPointsAsync(IEnumerable<string> metrics)
    {
        var sum = 0L;
        foreach (var metric in metrics)
        {
            using var answer = await _client.GetAsync($"/api/v1/metrics?name={metric}&aggregate=COUNT");
            sum += (await BodyAsync(answer)).GetProperty("points").EnumerateArray().Sum(point => point.GetProperty("count").GetInt64());
        }

        return sum;
    }

    public Task<long> BacklogAsync() => Queues.CountAsync(Inbox.Queue, default);

    /// <summary>How long the queue took to become empty.</summary>
    public async Task<TimeSpan> DrainAsync()
    {
        var since = TimeProvider.System.GetTimestamp();
        while (await BacklogAsync() > 0 && TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromMinutes(10))
        {
            await Task.Delay(100);
        }

        return TimeProvider.System.GetElapsedTime(since);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    async Task<IReadOnlyList<(string Id, string Path)>> CreateJobsAsync(int count)
    {
        var made = new (string, string)[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (n, cancellationToken) =>
        {
            using var answer = await _client.PostAsync("/api/v1/jobs", Json($$"""{"name":"load {{n}}","schedule":{"period":"1.00:00:00","grace":"01:00:00"} }"""), cancellationToken);
            var job = await BodyAsync(answer);
            made[n] = (job.GetProperty("id").GetString()!, new Uri(job.GetProperty("pingUrl").GetString()!).AbsolutePath);
            using var ping = await _client.GetAsync(made[n].Item2, cancellationToken);
            ping.EnsureSuccessStatusCode();
        });
        await DrainAsync();
        return made;
    }

    /// <summary>Over all pages of a list.</summary>
    async Task<long> SumAsync(string list, Func<JsonElement, long> of)
    {
        var sum = 0L;
        string? next = null;
        do
        {
            using var answer = await _client.GetAsync($"{list}?limit=200{(next is null ? "" : "&next=" + Uri.EscapeDataString(next))}");
            var page = await BodyAsync(answer);
            sum += of(page.GetProperty("items"));
            next = page.TryGetProperty("next", out var more) ? more.GetString() : null;
        }
        while (next is not null);
        return sum;
    }

    static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    static async Task<JsonElement> BodyAsync(HttpResponseMessage answer) => answer.IsSuccessStatusCode
        ? await answer.Content.ReadFromJsonAsync<JsonElement>()
        : throw new InvalidOperationException($"{answer.RequestMessage!.RequestUri} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");

    static string ConnectionOf(string state)
    {
        var services = AzuriteState.Read(state).Services;
        return StorageAccount.Emulator(services["table"].Port, services["queue"].Port, services["blob"].Port).ToConnectionString();
    }
}
