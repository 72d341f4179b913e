using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Operations;

/// <summary>The real sample scheduler, which reports to the real desk and is restarted by it through a webhook.</summary>
[Trait("Size", "Large")]
[Trait("Demand", "S0-9")]
public sealed class SchedulerRestartTests : IAsyncLifetime
{
    const string Password = "long enough for a person";
    static readonly string Host = Environment.MachineName;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly DirectoryInfo data = Directory.CreateTempSubdirectory("watchdesk-restart-");
    readonly int port = ChildProcess.FreePort();
    readonly HttpClient scheduler = new();
    readonly ConcurrentDictionary<string, string> asked = new(StringComparer.Ordinal);
    readonly List<ChildProcess> lives = [];
    MailServer mail = null!;
    DeskProcess desk = null!;
    HttpClient admin = null!;
    WebApplication hook = null!;
    string key = "";

    public async Task InitializeAsync()
    {
        mail = await MailServer.StartAsync();
        desk = await DeskProcess.StartAsync(data.FullName, ChildProcess.FreePort(), [], new Dictionary<string, string> { ["TickSchedule"] = "*/1 * * * * *" });
        admin = desk.Client();
        key = (await PostAsync(admin, "/api/v1/keys", new { name = "scheduler", scopes = new[] { "ping", "create" } })).GetProperty("key").GetString()!;
        await PostAsync(admin, "/api/v1/channels", new { kind = "mail", name = "Team", minSeverity = "critical", settings = new { host = "127.0.0.1", port = mail.Port, startTls = false, from = "desk@example.org", to = new[] { "team@example.org" } } });
        hook = await HookAsync();
        StartScheduler();
    }

    public async Task DisposeAsync()
    {
        foreach (var life in lives)
        {
            await life.DisposeAsync();
        }

        await hook.DisposeAsync();
        admin.Dispose();
        scheduler.Dispose();
        await desk.DisposeAsync();
        await mail.DisposeAsync();
        data.Delete(recursive: true);
    }

    [Fact]
    public async Task It_is_drained_stopped_started_heard_of_again_and_told()
    {
        using var put = await admin.PutAsJsonAsync("/api/v1/operations/providers/scheduler/credentials", new { drainUrl = $"{hook.Urls.Single()}/drain", restartUrl = $"{hook.Urls.Single()}/restart" });
        put.IsSuccessStatusCode.ShouldBeTrue(await put.Content.ReadAsStringAsync());
        using var ann = await PersonAsync("ann@example.org", "operator");
        using var bob = await PersonAsync("bob@example.org", "approver");
        await UntilAsync("the scheduler reports", async () => await JobAsync() is { ValueKind: JsonValueKind.Object } job && job.TryGetProperty("lastSuccessAt", out var at) && at.ValueKind == JsonValueKind.String);

        var address = $"/api/v1/operations/{(await PostAsync(ann, "/api/v1/operations", new { text = $"restart the scheduler on {Host}" })).GetProperty("id").GetString()}";
        var operation = await WhenAsync(address, "stage", "approval");
        await PostAsync(bob, address + "/approve", new { seen = operation.GetProperty("approval").GetProperty("seen").GetString() });
        operation = await WhenAsync(address, "stage", "ended");

        operation.GetProperty("status").GetString().ShouldBe("SUCCESS", operation.ToString());
        operation.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("state").GetString()).ShouldBe(["done", "done", "done"]);
        operation.GetProperty("resp").GetString()!.ShouldContain($"was run on {Host} at");
        asked.Values.Order().ShouldBe([$"drain {Host} drained", $"restart {Host} nothing ran"]);
        (lives.Count, lives[0].HasExited, lives[1].HasExited).ShouldBe((2, true, false));
        await UntilAsync("the job is good", async () => (await JobAsync()).GetProperty("status").GetString() == "GOOD");
        await UntilAsync("both have mail", () => Task.FromResult(HasMail("To: bob@example.org", "asks for your approval") && HasMail("To: ann@example.org", "It was done.")));
        (await admin.GetStringAsync("/api/v1/audit?limit=200")).ShouldContain("approved by bob");
    }

    /// <summary>What an operator puts beside a scheduler: it hands the drain on, and restarts the process once for each key.</summary>
    async Task<WebApplication> HookAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/drain", async (HttpContext context) =>
        {
            using var drained = await scheduler.PostAsync($"http://127.0.0.1:{port}/drain", null);
            await NoteAsync(context, await drained.Content.ReadAsStringAsync());
        });
        app.MapPost("/restart", async (HttpContext context) =>
        {
            var jobs = await scheduler.GetFromJsonAsync<JsonElement>($"http://127.0.0.1:{port}/jobs");
            if (await NoteAsync(context, jobs.EnumerateArray().All(job => job.GetProperty("runningSince").ValueKind == JsonValueKind.Null) ? "nothing ran" : "something ran"))
            {
                await lives[^1].StopAsync();
                StartScheduler();
            }
        });
        await app.StartAsync();
        return app;
    }

    async Task<bool> NoteAsync(HttpContext context, string outcome)
    {
        var body = await context.Request.ReadFromJsonAsync<JsonElement>();
        return asked.TryAdd(context.Request.Headers["Idempotency-Key"].ToString(), $"{body.GetProperty("action").GetString()} {body.GetProperty("host").GetString()} {outcome}");
    }

    void StartScheduler()
    {
        var program = Repository.At($"tests/SampleScheduler/bin/{new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name}/net10.0/SampleScheduler.dll");
        File.Exists(program).ShouldBeTrue($"{program} is missing: dotnet build tests/SampleScheduler");
        lives.Add(ChildProcess.Start("dotnet", [program, "--port", $"{port}", "--job", "nightly-backup=2"], new Dictionary<string, string> { ["WATCHDESK_URL"] = desk.Url, ["WATCHDESK_KEY"] = key }));
    }

    async Task<HttpClient> PersonAsync(string login, string role)
    {
        await PostAsync(admin, "/api/v1/users", new { login, name = login.Split('@')[0], role, password = Password });
        var credential = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login}:{Password}")));
        return new HttpClient { BaseAddress = new Uri(desk.Url), DefaultRequestHeaders = { Authorization = credential } };
    }

    async Task<JsonElement> JobAsync()
    {
        using var answer = await admin.GetAsync("/api/v1/jobs/nightly-backup");
        return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonElement>() : default;
    }

    bool HasMail(params string[] words) => mail.Mails.Zip(mail.Texts, (source, text) => source + text).Any(one => words.All(word => one.Contains(word, StringComparison.Ordinal)));

    async Task<JsonElement> WhenAsync(string address, string member, string value)
    {
        JsonElement seen = default;
        await UntilAsync($"{member} is {value}", async () => (seen = await admin.GetFromJsonAsync<JsonElement>(address)).GetProperty(member).GetString() == value);
        return seen;
    }

    async Task UntilAsync(string what, Func<Task<bool>> isTrue)
    {
        for (var clock = Stopwatch.StartNew(); !await isTrue(); await Task.Delay(200))
        {
            clock.Elapsed.ShouldBeLessThan(Patience, $"{what}\n{string.Join('\n', lives.Select(life => life.Output))}\n{desk.Process.Output}");
        }
    }

    static async Task<JsonElement> PostAsync(HttpClient client, string address, object body)
    {
        using var answer = await client.PostAsJsonAsync(address, body);
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue($"{address} {text}");
        return JsonElement.Parse(text);
    }
}
