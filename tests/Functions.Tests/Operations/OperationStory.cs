using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Clients;
using Watchdesk.Hosting.Durable;
using Watchdesk.Notices;
using Watchdesk.Operations;
using Watchdesk.Operations.Providers;
using Watchdesk.Operations.Runners;
using Watchdesk.Tenants;
using Watchdesk.Tests.Hosting.Durable;
using Watchdesk.Tests.Notices;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Operations;

/// <summary>A desk with the embedded engine and a provider whose steps are played: what each answers, the test says.</summary>
sealed class OperationStory : IAsyncDisposable
{
    public const string Asker = "ann@example.org";
    public const string Other = "bob@example.org";

    readonly Dictionary<(string, Role), HttpClient> clients = [];

    OperationStory(EngineDesk desk) => Desk = desk;

    public EngineDesk Desk { get; }

    public TestApp App => Desk.App;

    public NotePad Sent { get; private init; } = null!;

    /// <summary>Each step that was run, in order.</summary>
    public List<Step> Ran { get; private init; } = [];

    /// <summary>What a step answers.</summary>
    public Func<Step, StepResult> Answer { get; set; } = step => new StepResult(true, 0, $"lab {step.Intent}", step.Intent == "show thing" ? "state: stopped" : "ok");

    /// <summary>Over a desk whose steps are not played.</summary>
    public static OperationStory Over(EngineDesk desk) => new(desk);

    public static async Task<OperationStory> BeginAsync()
    {
        OperationStory? story = null;
        var (sent, ran) = (new NotePad(), new List<Step>());
        var played = new Orchestration<Step, StepResult>("PlayedStep", RunStep.Function.Input, RunStep.Function.Result);
        var desk = await EngineDesk.StartAsync(
            adjust: builder => builder.Services.AddSingleton<INoticeChannel>(sent),
            map: app => app.MapOrchestration(played, (_, step) => Task.FromResult(story!.Play(step))),
            own: ("PlayedStep", """{"bindings":[{"type":"orchestrationTrigger","direction":"in","name":"context","orchestration":"RunStep"}]}"""));
        story = new OperationStory(desk) { Sent = sent, Ran = ran };
        await desk.App.Services.GetRequiredService<ProviderStore>().PutAsync(Tenant.Main, Lab, default);
        return story;
    }

    public static readonly Provider Lab = new("lab", "Lab", RunnerKind.Webhook)
    {
        Intents =
        [
            new Intent("list things") { Phrases = ["list things"], Role = Role.Reader },
            new Intent("show thing") { Phrases = ["show thing {name}"], Role = Role.Reader, Arguments = [new("name")] },
            new Intent("start thing") { Phrases = ["start thing {name}"], Arguments = [new("name")], ChangesAnything = true, Preview = "Start {name}.", Target = "thing/{name}" },
            new Intent("stop thing")
            {
                Phrases = ["stop thing {name}"], Arguments = [new("name")], ChangesAnything = true, Preview = "Stop {name}.", Target = "thing/{name}", Compensation = "start thing",
                Verification = new Verification("show thing", "state: stopped") { Every = TimeSpan.FromSeconds(10), Within = TimeSpan.FromMinutes(1) },
            },
        ],
    };

    /// <summary>Keys that differ in who made them are different people.</summary>
    public async Task<HttpClient> AsAsync(string person, Role role = Role.Operator)
    {
        if (!clients.TryGetValue((person, role), out var client))
        {
            var key = await App.Services.GetRequiredService<ApiKeys>().CreateAsync(Tenant.Main, $"of {person}", role, Scopes.All, person, App.Clock.GetUtcNow(), default);
            clients[(person, role)] = client = App.WithKey(key.Text);
        }

        return client;
    }

    public async Task<User> PersonAsync(string login, Role role)
    {
        var now = App.Clock.GetUtcNow();
        var user = new User(Tenant.Main, Keys.NewId(now), login, login.Split('@')[0], role, false, now);
        (await App.Services.GetRequiredService<UserStore>().CreateAsync(user, now, default)).ShouldBeTrue();
        var way = new Channel(Tenant.Main, PersonChannels.IdOf(user.Id, NotePad.KindName), NotePad.KindName, user.Name, Level.Info, true, "{}");
        await App.Services.GetRequiredService<ChannelStore>().AddAsync(way, default);
        return user;
    }

    /// <summary>Asks as Ann and lets it go as far as it can.</summary>
    public async Task<JsonElement> AskAsync(string text, string? more = null, HttpStatusCode expected = HttpStatusCode.Accepted)
    {
        var answer = await SendAsync(await AsAsync(Asker), "POST", "", $$"""{"text":"{{text}}"{{(more is null ? "" : "," + more)}}}""", expected);
        await Desk.SettleAsync();
        return expected == HttpStatusCode.Accepted ? await GetAsync(answer.GetProperty("id").GetString()!) : answer;
    }

    public async Task<JsonElement> GetAsync(string id) => await SendAsync(await AsAsync(Asker), "GET", "/" + id);

    /// <summary>Approves, rejects or cancels, and lets it go on.</summary>
    public async Task<JsonElement> ActAsync(string person, string id, string what, Role role = Role.Approver, HttpStatusCode expected = HttpStatusCode.OK, string? seen = null)
    {
        var current = await GetAsync(id);
        seen ??= current.TryGetProperty("approval", out var approval) ? approval.GetProperty("seen").GetString() : null;
        var answer = await SendAsync(await AsAsync(person, role), "POST", $"/{id}/{what}", what == "cancel" ? "" : $$"""{"seen":"{{seen}}","why":"because"}""", expected);
        await Desk.SettleAsync();
        return expected == HttpStatusCode.OK ? await GetAsync(id) : answer;
    }

    public async Task<Operation> RowAsync(string id) => (await App.Services.GetRequiredService<OperationStore>().GetAsync(Tenant.Main, id, default)).ShouldNotBeNull();

    public string IdOf(JsonElement operation) => operation.GetProperty("id").GetString()!;

    public static string Text(JsonElement operation, string member) => operation.TryGetProperty(member, out var value) ? value.ToString() : "";

    public static async Task<JsonElement> SendAsync(HttpClient client, string method, string path, string? body = null, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var (status, answer) = await Api.SendAsync(client, method, path.StartsWith("/api", StringComparison.Ordinal) ? path : "/api/v1/operations" + path, body);
        status.ShouldBe(expected, $"{method} {path} {answer}");
        return answer;
    }

    public ValueTask DisposeAsync() => Desk.DisposeAsync();

    StepResult Play(Step step)
    {
        Ran.Add(step);
        return Answer(step);
    }
}
