using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Clients;
using Watchdesk.Notices;
using Watchdesk.Tenants;
using Watchdesk.Tests.Notices;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Metrics;

public sealed class RulesApiTests : IAsyncLifetime
{
    const string Hook = "https://hooks.slack.example/services/T000/B000/XXXX";

    /// <summary>As the seed prints it; the host there is not Slack's, so an admin has to save it.</summary>
    const string Seed = """
        {
          "name": "Rule4",
          "namespace": "Recommendation",
          "frequency":"0d_0h_0m_5000s",
          "rule_condition": "P99 time_taken 0d_0h_0m_0s > -5",
          "actions":[{"name": "slack", "value": "https://hooks.slack.example/services/T000/B000/XXXX"},
        	{"name": "gmail", "value": "hv"}
            ]
        }
        """;

    readonly NotePad _pad = new();
    readonly FakeHttp _outside = new();
    TestApp _app = null!;
    HttpClient _desk = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync(builder =>
        {
            builder.Services.AddSingleton<INoticeChannel>(_pad);
            builder.Services.AddSingleton(new OutgoingHttp(_outside, isEmbedded: false));
        });
        _desk = await _app.SignedInAsync();
        await _desk.PostAsJsonAsync("/api/v1/channels", new { kind = NotePad.KindName, name = "Ops", settings = new { } });
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Two_rules_cannot_have_one_name()
    {
        var (first, second) = (Request("Slow"), Request("Slower"));
        (await _desk.PostAsJsonAsync("/api/v1/rules", first)).StatusCode.ShouldBe(HttpStatusCode.Created);
        var id = (await (await _desk.PostAsJsonAsync("/api/v1/rules", second)).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();

        var again = await _desk.PostAsJsonAsync("/api/v1/rules", Request(" Slow "));
        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await again.Content.ReadAsStringAsync()).ShouldContain("There is a rule Slow already. Give this one another name, or change that one: PUT /api/v1/rules/");
        (await _desk.PutAsJsonAsync($"/api/v1/rules/{id}", first)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await _desk.PutAsJsonAsync($"/api/v1/rules/{id}", second)).StatusCode.ShouldBe(HttpStatusCode.OK);

        static object Request(string name) => new { name, frequency = "0d_0h_1m_0s", rule_condition = "AVG a 0d_0h_0m_0s > 1" };
    }

    [Theory]
    [InlineData("/api/v1/rules")]
    [InlineData("/api/v1/config?format=json")]
    [InlineData("/api/v1/channels")]
    [InlineData("/api/v1/keys")]
    [InlineData("/api/v1/jobs")]
    public async Task An_answer_is_readable_as_it_is(string path)
    {
        const string Name = "Größer > 1 & 'so'";
        (await _desk.PostAsJsonAsync("/api/v1/rules", new { name = Name, frequency = "0d_0h_1m_0s", rule_condition = "AVG a 0d_0h_0m_0s > 1" })).EnsureSuccessStatusCode();
        (await _desk.PostAsJsonAsync("/api/v1/channels", new { kind = NotePad.KindName, name = Name, settings = new { } })).EnsureSuccessStatusCode();
        (await _desk.PostAsJsonAsync("/api/v1/keys", new { name = Name, scopes = new[] { "read" } })).EnsureSuccessStatusCode();
        (await _desk.PostAsJsonAsync("/api/v1/jobs", new { name = Name })).EnsureSuccessStatusCode();

        (await _desk.GetStringAsync(path)).ShouldContain($"\"{Name}\"");
    }

    [Fact]
    public async Task A_rule_that_mails_says_when_no_server_would_send_it()
    {
        var request = new { name = "R", frequency = "0d_0h_1m_0s", rule_condition = "AVG a 0d_0h_0m_0s > 1", actions = new[] { new { name = "gmail", value = "ops@example.org" } } };
        var made = await (await _desk.PostAsJsonAsync("/api/v1/rules", request)).Content.ReadFromJsonAsync<JsonElement>();
        var id = made.GetProperty("id").GetString();

        made.GetProperty("problems").EnumerateArray().ShouldHaveSingleItem().GetString().ShouldBe("gmail: This tenant has no mail channel: add one at /settings (channels), its server sends the mail of rules and people.");
        (await _desk.GetStringAsync($"/rules/{id}")).ShouldContain("This tenant has no mail channel");

        (await _desk.PostAsJsonAsync("/api/v1/channels", new { kind = "mail", name = "Mail", settings = new { host = "smtp.example.org", from = "desk@example.org", to = new[] { "ops@example.org" } } })).EnsureSuccessStatusCode();
        (await _desk.GetFromJsonAsync<JsonElement>($"/api/v1/rules/{id}")).TryGetProperty("problems", out _).ShouldBeFalse();
    }

    [Fact]
    [Trait("Demand", "S1-1")]
    [Trait("Demand", "S1-2")]
    [Trait("Demand", "S1-3")]
    [Trait("Demand", "S1-4")]
    [Trait("Demand", "S1-5")]
    [Trait("Demand", "S1-7")]
    [Trait("Demand", "S1-8")]
    public async Task The_rule_of_the_seed_fires_verbatim()
    {
        var id = await CreateAsync(Seed);
        await _app.AdvanceAsync(TimeSpan.FromSeconds(10));
        (await GetAsync(id)).GetProperty("status").GetString().ShouldBe("no data");
        _pad.Messages.ShouldBeEmpty();

        await SendAsync("""{"name":"time_taken","namespace":"Recommendation","value":12.5}""", """{"name":"time_taken","namespace":"Search","value":-9}""");
        await _app.AdvanceAsync(TimeSpan.FromSeconds(4980));
        _pad.Messages.ShouldBeEmpty("its frequency is 5000 s");
        _outside.Answer("POST", Hook, 200);
        await _app.AdvanceAsync(TimeSpan.FromSeconds(20));

        _outside.Verify();
        var rule = await GetAsync(id);
        rule.GetProperty("status").GetString().ShouldBe("firing");
        rule.GetProperty("value").GetDouble().ShouldBe(12.5, 0.125);
        var notice = _pad.Messages.ShouldHaveSingleItem().Notice;
        (notice.Name, notice.Kind, notice.Level).ShouldBe(("Rule4", NoticeKind.Opened, Level.Critical));
        notice.Reason.ShouldStartWith("P99 of Recommendation/time_taken is 12.5 over 1 h 23 min (1 value); it fires at > -5.");
        notice.Told.ShouldBe(["Ops (note)", "Rule4: slack (slack)", "Rule4: gmail (gmail)"]);
    }

    [Fact]
    public async Task An_alarm_opens_once_resolves_and_opens_again()
    {
        await CreateAsync(Rule("AVG cpu 0d_0h_1m_0s > 80"));
        await SendAsync("""{"name":"cpu","value":90}""");
        await _app.AdvanceAsync(TimeSpan.FromMinutes(1));
        await _app.AdvanceAsync(TimeSpan.FromSeconds(10));
        await SendAsync("""{"name":"cpu","value":95}""");
        await _app.AdvanceAsync(TimeSpan.FromSeconds(50));
        _pad.Messages.Select(message => message.Notice.Kind).ShouldBe([NoticeKind.Opened]);

        _app.Clock.Advance(TimeSpan.FromMinutes(2));
        await SendAsync("""{"name":"cpu","value":10}""");
        await _app.AdvanceAsync(TimeSpan.FromSeconds(40));
        _pad.Messages.Select(message => message.Notice.Kind).ShouldBe([NoticeKind.Opened, NoticeKind.Resolved]);

        _app.Clock.Advance(TimeSpan.FromMinutes(2));
        await SendAsync("""{"name":"cpu","value":91}""");
        await _app.AdvanceAsync(TimeSpan.FromMinutes(1));
        _pad.Messages.Select(message => message.Notice.Kind).ShouldBe([NoticeKind.Opened, NoticeKind.Resolved, NoticeKind.Opened]);
    }

    [Fact]
    public async Task An_alarm_stays_open_while_no_data_comes()
    {
        var id = await CreateAsync(Rule("AVG cpu 0d_0h_1m_0s > 80"));
        await SendAsync("""{"name":"cpu","value":90}""");
        await _app.AdvanceAsync(TimeSpan.FromMinutes(1));
        await _app.AdvanceAsync(TimeSpan.FromHours(2));

        var rule = await GetAsync(id);
        rule.GetProperty("status").GetString().ShouldBe("firing");
        rule.GetProperty("reason").GetString()!.ShouldContain("No data");
        _pad.Messages.Select(message => message.Notice.Kind).Where(kind => kind != NoticeKind.Reminder).ShouldBe([NoticeKind.Opened]);
    }

    [Fact]
    public async Task A_deleted_rule_ends_its_alarm_and_its_destinations_go_a_day_later()
    {
        _outside.Answer("POST", Hook, 200).Answer("POST", Hook, 200);
        var id = await CreateAsync(Seed.Replace("5000s", "60s"));
        await SendAsync("""{"name":"time_taken","namespace":"Recommendation","value":1}""");
        await _app.AdvanceAsync(TimeSpan.FromMinutes(1));

        _app.Clock.Advance(TimeSpan.FromSeconds(10));
        (await _desk.DeleteAsync($"/api/v1/rules/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await _app.SettleAsync();

        _pad.Messages.Select(message => message.Notice.Kind).ShouldBe([NoticeKind.Opened, NoticeKind.Resolved]);
        (await _desk.GetAsync($"/api/v1/rules/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await _desk.DeleteAsync($"/api/v1/rules/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await _app.AdvanceAsync(TimeSpan.FromHours(23));
        Owned().ShouldBe(2);
        await _app.AdvanceAsync(TimeSpan.FromHours(2));
        Owned().ShouldBe(0);

        int Owned() => _app.Tables.Rows(Tables.Channels).Count(row => row.PartitionKey == Tenant.Main && row.RowKey.StartsWith($"rule.{id}."));
    }

    [Fact]
    [Trait("Demand", "S1-6")]
    public async Task The_secret_of_an_action_is_never_shown_again_and_stays_when_it_is_sent_back()
    {
        var id = await CreateAsync(Seed);
        var shown = await _desk.GetStringAsync($"/api/v1/rules/{id}");
        shown.ShouldNotContain("XXXX");
        (await _desk.GetStringAsync("/api/v1/rules")).ShouldNotContain("XXXX");
        _app.Tables.Rows(Tables.Rules).Single().Text("D")!.ShouldNotContain("XXXX");
        var actions = JsonElement.Parse(shown).GetProperty("actions");
        actions.EnumerateArray().Select(action => action.GetProperty("name").GetString()).ShouldBe(["slack", "gmail"]);
        actions[1].GetProperty("value").GetString().ShouldBe("hv@gmail.com");

        var changed = await _desk.PutAsJsonAsync($"/api/v1/rules/{id}", new { name = "Rule4", frequency = "0d_0h_1m_0s", rule_condition = "AVG a 0d_0h_0m_0s > 1", actions });
        changed.StatusCode.ShouldBe(HttpStatusCode.OK, await changed.Content.ReadAsStringAsync());

        var stored = await _app.Services.GetRequiredService<ChannelStore>().ListOwnedAsync(Tenant.Main, $"rule:{id}", default);
        stored[0].Settings.ShouldContain("XXXX");
        stored.Count.ShouldBe(2);
        (await _desk.GetStringAsync("/api/v1/channels")).ShouldNotContain("Rule4", Case.Sensitive, "they belong to the rule alone");
    }

    [Theory]
    [Trait("Demand", "S1-6")]
    [InlineData("webhook", "https://evil.example.org/x",             "evil.example.org is not allowed here yet")]
    [InlineData("teams",   "https://evil.example.org/x",             "evil.example.org is not allowed here yet")]
    [InlineData("slack",   "https://evil.example.org/x",             "evil.example.org is not allowed here yet")]
    [InlineData("slack",   "https://hooks.slack.com/services/T/B/X", null)]
    [InlineData("slack",   "https://known.example.org/other",        null)]
    [InlineData("webhook", "https://known.example.org/other",        null)]
    [InlineData("gmail",   "ops@example.org",                        null)]
    public async Task A_responder_may_use_only_hosts_that_an_admin_has_allowed(string name, string value, string? reason)
    {
        await _desk.PostAsJsonAsync("/api/v1/channels", new { kind = "webhook", name = "Known", settings = new { url = "https://known.example.org/in" } });
        var responder = await _app.SignedInAsync(Role.Responder);

        var answer = await responder.PostAsJsonAsync("/api/v1/rules", new { name = "R", frequency = "0d_0h_1m_0s", rule_condition = "AVG a 0d_0h_0m_0s > 1", actions = new[] { new { name, value } } });

        answer.StatusCode.ShouldBe(reason is null ? HttpStatusCode.Created : HttpStatusCode.BadRequest, await answer.Content.ReadAsStringAsync());
        if (reason is not null)
        {
            (await answer.Content.ReadAsStringAsync()).ShouldContain(reason);
        }
    }

    [Theory]
    [Trait("Demand", "S3-26")]
    [InlineData("""{}""",                                                                                                          "name")]
    [InlineData("""{"name":"R","rule_condition":"AVG a 0d_0h_0m_0s > 1"}""",                                                       "frequency is missing")]
    [InlineData("""{"name":"R","frequency":"0d_0h_1m_0s"}""",                                                                      "rule_condition, column 1")]
    [InlineData("""{"name":"R","frequency":"0d_0h_1m_0s","rule_condition":"AVG a 0d_0h_0m_0s ~ 1"}""",                             "rule_condition, column 19")]
    [InlineData("""{"name":"R","frequency":"0d_0h_1m_0s","rule_condition":"AVG a 0d_0h_0m_0s > 1","severity":"x"}""",              "severity is info, warning or critical.")]
    [InlineData("""{"name":"R","frequency":"0d_0h_1m_0s","rule_condition":"AVG a 0d_0h_0m_0s > 1","dimensions":{"":"x"}}""",      "dimensions has at most 16 pairs")]
    [InlineData("""{"name":"R","frequency":"0d_0h_1m_0s","rule_condition":"AVG a 0d_0h_0m_0s > 1","dimensions":{"a":null}}""",    "dimensions has at most 16 pairs")]
    [InlineData("""{"name":"R","frequency":"0d_0h_1m_0s","rule_condition":"AVG a 0d_0h_0m_0s > 1","dimensions":{"a":5}}""",       "dimensions")]
    [InlineData("""{"name":"R","frequency":"0d_0h_1m_0s","rule_condition":"AVG a 0d_0h_0m_0s > 1","actions":[{"name":"pager","value":"x"}]}""", "Action 1: name is one of")]
    [InlineData("""{"name":"R","frequency":"0d_0h_1m_0s","rule_condition":"AVG a 0d_0h_0m_0s > 1","actions":[{"name":"gmail"}]}""", "Action 1: value is a mail address")]
    [InlineData("""{"name":"R","frequency":"0d_0h_1m_0s","rule_condition":"AVG a 0d_0h_0m_0s > 1","actions":[{"name":"teams","value":"http://a"}]}""", "Action 1: The url must begin with https")]
    [InlineData("""{"name":"R","frequency":"0d_0h_1m_0s","rule_condition":"AVG a 0d_0h_0m_0s > 1","actions":[{"name":"teams","value":"https://a/********"}]}""", "the whole address")]
    public async Task A_bad_rule_is_refused_with_the_reason(string body, string reason)
    {
        var answer = await _desk.PostAsync("/api/v1/rules", new StringContent(body, Encoding.UTF8, "application/json"));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString()!.ShouldContain(reason);
    }

    [Fact]
    [Trait("Demand", "S1-2")]
    public async Task A_rule_of_one_host_and_of_less_than_critical_severity()
    {
        const string Warning = """{"name":"Db","namespace":"shop","frequency":"0d_0h_1m_0s","rule_condition":"MAX cpu 0d_0h_1m_0s > 80","severity":"warning","dimensions":{"host":"db01"}}""";
        var id = await CreateAsync(Warning);
        await SendAsync("""{"name":"cpu","namespace":"shop","value":99,"dimensions":{"host":"db02","core":"1"}}""", """{"name":"cpu","namespace":"shop","value":98}""");
        await _app.AdvanceAsync(TimeSpan.FromMinutes(1));
        (await GetAsync(id)).GetProperty("reason").GetString()!.ShouldStartWith("No data: shop/cpu of host=db01 had no value");

        await SendAsync("""{"name":"cpu","namespace":"shop","value":90,"dimensions":{"host":"db01","core":"1"}}""", """{"name":"cpu","namespace":"shop","value":91,"dimensions":{"core":"2","host":"db01"}}""");
        await _app.AdvanceAsync(TimeSpan.FromMinutes(1));

        var rule = await GetAsync(id);
        (rule.GetProperty("value").GetDouble(), rule.GetProperty("severity").GetString()).ShouldBe((91, "warning"));
        rule.GetProperty("dimensions").GetProperty("host").GetString().ShouldBe("db01");
        _pad.Messages.ShouldHaveSingleItem().Notice.Level.ShouldBe(Level.Warning);

        (await _desk.PutAsync($"/api/v1/rules/{id}", new StringContent(Warning.Replace("warning", "critical"), Encoding.UTF8, "application/json"))).EnsureSuccessStatusCode();
        await _app.AdvanceAsync(TimeSpan.FromSeconds(10));
        _pad.Messages.Select(message => (message.Notice.Kind, message.Notice.Level)).ShouldBe([(NoticeKind.Opened, Level.Warning), (NoticeKind.Worsened, Level.Critical)]);
    }

    [Fact]
    public async Task An_answer_has_the_condition_as_it_was_written()
    {
        var id = await CreateAsync(Rule("AVG cpu 0d_0h_1m_0s > 80"));

        (await _desk.GetStringAsync($"/api/v1/rules/{id}")).ShouldContain("AVG cpu 0d_0h_1m_0s > 80");
        var refused = await _desk.PostAsync("/api/v1/rules", new StringContent(Rule("AVG cpu 0d_0h_1m_0s ~ 80"), Encoding.UTF8, "application/json"));
        (await refused.Content.ReadAsStringAsync()).ShouldContain("the operator is >, >=, <");
    }

    [Fact]
    public async Task Actions_of_another_rule_hear_nothing()
    {
        await CreateAsync(Seed.Replace("5000s", "60s"));
        await CreateAsync(Rule("AVG cpu 0d_0h_1m_0s > 80"));
        await SendAsync("""{"name":"cpu","value":90}""");
        await _app.AdvanceAsync(TimeSpan.FromMinutes(1));

        _pad.Messages.ShouldHaveSingleItem().Notice.Told.ShouldBe(["Ops (note)"]);
    }

    [Fact]
    [Trait("Demand", "S1-7")]
    public async Task A_rule_stays_watched_wherever_the_process_dies()
    {
        var id = await CreateAsync(Rule("AVG cpu 0d_0h_5m_0s > 80"));
        await SendAsync("""{"name":"cpu","value":90}""");
        for (var at = 1; at < 12; at++)
        {
            var writes = 0;
            _app.Clock.Advance(TimeSpan.FromSeconds(20));
            await SendAsync($$"""{"name":"cpu","value":{{(at % 2 == 0 ? 1 : 1000) * at}}}""");
            _app.Tables.BeforeWrite = (_, _) =>
            {
                if (Interlocked.Increment(ref writes) == at)
                {
                    throw new RemoteCallException("tables", "write", 503, "Killed", isTransient: true);
                }
            };
            try
            {
                await _app.TickAsync();
            }
            catch (ShouldAssertException)
            {
                // The tick says so and comes again.
            }

            _app.Tables.BeforeWrite = null;
            for (var n = 0; n < 9; n++)
            {
                await _app.AdvanceAsync(TimeSpan.FromSeconds(10));
            }

            (await GetAsync(id)).GetProperty("nextAt").GetDateTimeOffset().ShouldBeGreaterThan(_app.Clock.GetUtcNow(), $"after write {at}");
        }
    }

    [Fact]
    public async Task A_reader_sees_rules_and_changes_none()
    {
        var id = await CreateAsync(Seed);
        var reader = await _app.SignedInAsync(Role.Reader);

        (await reader.GetAsync($"/api/v1/rules/{id}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await reader.DeleteAsync($"/api/v1/rules/{id}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await reader.PostAsync("/api/v1/rules", new StringContent(Seed, Encoding.UTF8, "application/json"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    static string Rule(string condition) => $$"""{"name":"Limit","frequency":"0d_0h_0m_30s","rule_condition":"{{condition}}"}""";

    async Task<string> CreateAsync(string rule)
    {
        var answer = await _desk.PostAsync("/api/v1/rules", new StringContent(rule, Encoding.UTF8, "application/json"));
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    Task<JsonElement> GetAsync(string id) => _desk.GetFromJsonAsync<JsonElement>($"/api/v1/rules/{id}");

    async Task SendAsync(params string[] points)
    {
        (await _desk.PostAsync("/api/v1/metrics", new StringContent(string.Join('\n', points)))).EnsureSuccessStatusCode();
        await _app.SettleAsync();
    }
}
