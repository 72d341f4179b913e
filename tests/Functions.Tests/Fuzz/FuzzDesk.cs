using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Hosting.Embedded;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Fuzz;

/// <summary>The whole desk with one job, to be fed anything.</summary>
sealed class FuzzDesk : IAsyncDisposable
{
    readonly TestApp _app;
    readonly FailureLog _log;
    readonly HashSet<(string Table, string PartitionKey, string RowKey)> _keep = [];

    FuzzDesk(TestApp app, FailureLog log, string key, string pingKey, string job, string uuid) =>
        (_app, _log, Key, PingKey, Job, Uuid) = (app, log, key, pingKey, job, uuid);

    public string Key { get; }

    public string PingKey { get; }

    public string Job { get; }

    public string Uuid { get; }

    public static async Task<FuzzDesk> StartAsync()
    {
        var log = new FailureLog();
        var app = await TestApp.StartAsync(builder => builder.Logging.AddProvider(log));
        using var client = await app.SignedInAsync();
        var key = client.DefaultRequestHeaders.Authorization!.Parameter!;
        var pingKey = await MadeAsync(client, "/api/v1/keys", new { name = "fuzz", kind = "ping" });
        var job = await MadeAsync(client, "/api/v1/jobs", new { name = "Nightly backup", schedule = new { period = "00:10:00", grace = "00:02:00" } });
        var desk = new FuzzDesk(
            app, log, key, pingKey.GetProperty("key").GetString()!, job.GetProperty("id").GetString()!, job.GetProperty("pingUrl").GetString()!.Split('/')[^1]);
        await app.SettleAsync();
        foreach (var row in desk.AllRows())
        {
            desk._keep.Add(row);
        }

        return desk;
    }

    /// <summary>Sends what a server would have let through, and gives the status.</summary>
    public async Task<int> SendAsync(string method, string path, string query, byte[] body, string contentType, string? bearer)
    {
        var server = (TestServer)_app.Services.GetRequiredService<IServer>();
        var answer = await server.SendAsync(context =>
        {
            var request = context.Request;
            request.Method = method;
            request.Path = new PathString(path.StartsWith('/') ? path : "/" + path);
            request.QueryString = new QueryString(query.StartsWith('?') || query.Length == 0 ? query : "?" + query);
            request.Headers.Authorization = bearer is null ? default : $"Bearer {bearer}";
            request.ContentType = contentType;
            request.ContentLength = body.Length;
            request.Body = new MemoryStream(body, writable: false);
            context.Connection.RemoteIpAddress = IPAddress.Parse("203.0.113.7");
            request.Headers["X-Forwarded-For"] = "203.0.113.7";
        });
        return answer.Response.StatusCode;
    }

    /// <summary>Delivers messages of any content to a queue's function, as the Functions host does.</summary>
    public async Task<int> DeliverAsync(string function, IReadOnlyList<byte[]> bodies)
    {
        var now = _app.Clock.GetUtcNow();
        BrokerMessage[] messages = [.. bodies.Select((body, n) => new BrokerMessage($"m{n}", body, 1, now, now.AddDays(1), now, "r"))];
        return await InvokeAsync(function, Envelopes.Many(_app.Functions.Single(f => f.Name == function), messages, now));
    }

    public async Task<int> InvokeAsync(string function, ReadOnlyMemory<byte> envelope) =>
        (await _app.Services.GetRequiredService<InMemoryPipeline>().InvokeAsync(function, envelope, "fuzz", default)).Status;

    /// <summary>Takes storage away: tables, or the queue, refuse every call.</summary>
    public void SwitchStorage(bool isOn)
    {
        _app.Tables.BeforeRead = isOn ? null : _ => throw Away();
        _app.Tables.BeforeWrite = isOn ? null : (_, _) => throw Away();
        _app.Queues.BeforeSend = isOn ? null : (_, _) => throw Away();

        static RemoteCallException Away() => new("storage", "any", 503, "ServerBusy", isTransient: true, TimeSpan.FromSeconds(1));
    }

    /// <summary>Lets the consumers work off what was accepted, looks at what is due, and forgets all but the first job.</summary>
    public async Task SettleAsync()
    {
        await _app.SettleAsync();
        await _app.AdvanceAsync(TimeSpan.FromSeconds(10));
        foreach (var (table, partitionKey, rowKey) in AllRows().Where(row => !_keep.Contains(row)))
        {
            await _app.Tables.WriteAsync(table, [TableWrite.Delete(partitionKey, rowKey)], default);
        }
    }

    /// <summary>The first job as the API shows it, after what was accepted has been worked off.</summary>
    public async Task<JsonElement> JobAsync()
    {
        await _app.SettleAsync();
        using var client = _app.WithKey(Key);
        return await client.GetFromJsonAsync<JsonElement>($"/api/v1/jobs/{Job}");
    }

    public int Rows(string table) => _app.Tables.Rows(table).Count;

    /// <summary>Errors that were logged since the last call: an unhandled exception is one.</summary>
    public IReadOnlyList<string> TakeErrors() => _log.Take();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    IEnumerable<(string Table, string PartitionKey, string RowKey)> AllRows() =>
        Tables.All.SelectMany(table => _app.Tables.Rows(table).Select(row => (table, row.PartitionKey, row.RowKey)));

    static async Task<JsonElement> MadeAsync(HttpClient client, string path, object body)
    {
        var answer = await client.PostAsJsonAsync(path, body);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    sealed class FailureLog : ILoggerProvider, ILogger
    {
        readonly List<string> _errors = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                lock (_errors)
                {
                    _errors.Add($"{formatter(state, exception)}\n{exception}");
                }
            }
        }

        public IReadOnlyList<string> Take()
        {
            lock (_errors)
            {
                string[] taken = [.. _errors];
                _errors.Clear();
                return taken;
            }
        }

        public void Dispose()
        {
        }
    }
}
