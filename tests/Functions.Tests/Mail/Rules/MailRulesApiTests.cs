using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Watchdesk.Clients;

namespace Watchdesk.Tests.Mail.Rules;

public sealed class MailRulesApiTests : IAsyncLifetime
{
    const string Rules = "/api/v1/mail-rules";

    MailDesk _desk = null!;

    public async Task InitializeAsync() => _desk = await MailDesk.StartAsync();

    public async Task DisposeAsync() => await _desk.DisposeAsync();

    [Fact]
    [Trait("Demand", "S4-5")]
    [Trait("Demand", "S4-22")]
    public async Task A_rule_says_severity_organisation_and_servers_of_a_mail_without_tags()
    {
        await CreateAsync("disks", new { subject = @"disk \d+", body = "^/dev/sd", sender = "^root@", server = @"db\d\.example\.org" }, new { severity = "critical", org = "shop.data", servers = new[] { "db1.example.org" } });

        await _desk.SendAsync("Disk 98 % full", "/dev/sda1 98 %", "root@db1.example.org");
        await _desk.SendAsync("Disk 98 % full", "/dev/sda1 98 %", "ops@db1.example.org");

        var mails = await _desk.ItemsAsync("/api/v1/mail");
        var taken = mails.Single(mail => mail.GetProperty("from").GetString() == "root@db1.example.org");
        (Text(taken, "rule"), Text(taken, "severity"), Text(taken, "org"), taken.GetProperty("servers")[0].GetString()).ShouldBe(("disks", "critical", "shop.data", "db1.example.org"));
        mails.Single(mail => mail.GetProperty("from").GetString() == "ops@db1.example.org").TryGetProperty("rule", out _).ShouldBeFalse();
        var incident = (await _desk.IncidentsAsync()).ShouldHaveSingleItem();
        (Text(incident, "severity"), Text(incident, "host")).ShouldBe(("critical", "db1.example.org"));
    }

    [Fact]
    public async Task The_first_that_matches_takes_it_and_the_order_can_be_changed()
    {
        var first = await CreateAsync("first", new { subject = "backup" }, new { org = "a" });
        var second = await CreateAsync("second", new { subject = "backup" }, new { org = "b" });
        await _desk.SendAsync("Backup of host1x");
        (await LatestRuleAsync()).ShouldBe("first");

        (await _desk.Client.PostAsync($"{Rules}/{second}/move?before={first}", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await SendLaterAsync("Backup of host2x");

        (await LatestRuleAsync()).ShouldBe("second");
        (await NamesAsync()).ShouldBe(["second", "first"]);
        (await _desk.Client.PostAsync($"{Rules}/{second}/move", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await NamesAsync()).ShouldBe(["first", "second"]);
        (await _desk.Client.PostAsync($"{Rules}/{second}/move?before=0199", null)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        await PutAsync(first, new { name = "first", match = new { subject = "backup" }, set = new { org = "a" }, enabled = false });
        await SendLaterAsync("Backup of host3x");
        (await LatestRuleAsync()).ShouldBe("second");
        (await _desk.Client.DeleteAsync($"{Rules}/{second}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await _desk.Client.DeleteAsync($"{Rules}/{second}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await SendLaterAsync("Backup of host4x");
        (await LatestRuleAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_dropped_mail_is_kept_opens_nothing_and_counts_in_no_series()
    {
        await CreateAsync("noise", new { subject = "test" }, new { drop = true });

        await _desk.SendAsync(":critical: Test of the alarm");
        await _desk.SendAsync("Test report :sched-perday-2:");

        (await _desk.IncidentsAsync()).ShouldBeEmpty();
        (await _desk.ItemsAsync("/api/v1/mail/series")).ShouldBeEmpty();
        var mails = await _desk.ItemsAsync("/api/v1/mail");
        mails.ShouldAllBe(mail => mail.GetProperty("dropped").GetBoolean());
        mails.Count.ShouldBe(2);
        Text(mails[0], "why").ShouldNotBeNull().ShouldContain("The mail rule noise drops it");
    }

    [Fact]
    [Trait("Demand", "S4-5")]
    public async Task An_unclassified_mail_leaves_its_list_when_a_rule_takes_it()
    {
        await _desk.SendAsync("Backup of host1x done");
        await _desk.SendAsync("Something else");
        await _desk.SendAsync("Known :org:shop.data:");
        (await _desk.ItemsAsync("/api/v1/mail?unclassified=true")).Count.ShouldBe(2);

        await _desk.App.AdvanceAsync(TimeSpan.FromMinutes(1));
        await CreateAsync("backups", new { subject = "^backup", body = ".*" }, new { org = "shop.backup" });

        Text((await _desk.ItemsAsync("/api/v1/mail?unclassified=true")).ShouldHaveSingleItem(), "subject").ShouldBe("Something else");
        var mail = (await _desk.ItemsAsync("/api/v1/mail")).Single(mail => Text(mail, "subject") == "Backup of host1x done");
        (Text(mail, "rule"), Text(mail, "org")).ShouldBe(("backups", "shop.backup"));
        Text(mail, "why")!.ShouldContain("came before the rule was made, which opened no incident");
        (await _desk.IncidentsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Matches_are_counted_once_for_each_mail_with_one_write_for_a_batch()
    {
        await CreateAsync("all", new { subject = "." }, new { org = "a" });
        _desk.App.Tables.ResetCounts();
        for (var n = 0; n < 5; n++)
        {
            await _desk.PostAsync(System.Text.Encoding.UTF8.GetBytes($"From: a@b.c\r\nSubject: Mail {n} of host{n}x\r\n\r\n"));
        }

        await _desk.App.SettleAsync();

        _desk.App.Tables.CountsOf(Tables.MailRules).Writes.ShouldBe(1);
        (await _desk.ItemsAsync(Rules)).Single().GetProperty("matched").GetInt64().ShouldBe(5);
    }

    [Fact]
    public async Task The_test_says_what_it_would_have_matched_and_stores_nothing()
    {
        await CreateAsync("db2", new { subject = "db2x" }, new { org = "a" });
        await _desk.SendAsync("Disk of db1x", "sda full");
        await _desk.SendAsync("Disk of db2x", "sda full");
        await _desk.SendAsync("Disk of db3x", "sdb full");

        var answer = await _desk.Client.PostAsJsonAsync($"{Rules}/test", new { name = "try", match = new { body = "sda" }, set = new { severity = "warning" } });

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var trial = await answer.Content.ReadFromJsonAsync<JsonElement>();
        (Number(trial, "looked"), Number(trial, "matched"), Number(trial, "unclassified"), Number(trial, "taken"), Number(trial, "opens")).ShouldBe((3, 2, 1, 1, 2));
        trial.GetProperty("samples").EnumerateArray().Select(sample => Text(sample, "subject")).ShouldBe(["Disk of db2x", "Disk of db1x"], ignoreOrder: true);
        (await NamesAsync()).ShouldBe(["db2"]);
    }

    [Theory]
    [InlineData("""{"name":"a","match":{"subject":"a(?=b)"},"set":{"drop":true}}""", "match.subject, column 2: a lookahead")]
    [InlineData("""{"name":"a","match":{"subject":" "},"set":{"drop":true}}""",      "match needs at least one of")]
    [InlineData("""{"name":"a","match":{"subject":"x"},"set":{}}""",                 "set needs at least one of")]
    [InlineData("""{"name":"a","match":{"subject":"x"},"set":{"severity":"bad"}}""", "set.severity is info, warning or critical")]
    [InlineData("""{"name":"a","match":{"subject":"x"},"set":{"org":"a..b"}}""",     "set.org is levels")]
    [InlineData("""{"name":"a","match":{"subject":"x"},"set":{"servers":["-x"]}}""", "set.servers are at most 20")]
    [InlineData("""{"match":{"subject":"x"},"set":{"drop":true}}""",                 "name has 1 to 100")]
    [InlineData("""{"name":"a","match":{"subject":"x"},"set":{"drop":true},"order":0}""", "order is 1 to")]
    [InlineData("""{"name":"a","match":{"text":"x"},"set":{"drop":true}}""",         "text")]
    public async Task What_is_wrong_is_said(string body, string says)
    {
        var answer = await _desk.Client.PostAsync(Rules, new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(says);
    }

    [Fact]
    public async Task Two_rules_have_two_names_and_definitions_go_to_the_event_log()
    {
        await CreateAsync("one", new { subject = "x" }, new { drop = true });

        (await _desk.Client.PostAsJsonAsync(Rules, new { name = "one", match = new { subject = "y" }, set = new { drop = true } })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        var stored = _desk.App.Tables.Rows(Tables.MailRules).ShouldHaveSingleItem();
        var log = _desk.App.Blobs.Client();
        var lines = new List<string>();
        await foreach (var name in log.ListAsync(EventLog.Container, "", default))
        {
            lines.Add(System.Text.Encoding.UTF8.GetString((await log.GetAsync(EventLog.Container, name, default))!.Content.Span));
        }

        string.Concat(lines).ShouldContain(stored.RowKey);
    }

    [Fact]
    public async Task A_document_holds_them()
    {
        await CreateAsync("one", new { subject = "x" }, new { org = "shop" });
        (await _desk.Client.GetStringAsync("/api/v1/config")).ShouldContain("\"mailRules\":[{\"name\":\"one\"");

        (await ConfigAsync("mailRules:\n- name: one\n  match: {subject: z}\n  set: {drop: true}\n- name: two\n  order: 5\n  match: {sender: a@b}\n  set: {severity: info}\n")).ShouldBe(HttpStatusCode.OK);

        (await NamesAsync()).ShouldBe(["two", "one"]);
        (await ConfigAsync("mailRules:\n- name: three\n  match: {sender: a@b}\n  set: {severity: info}\n")).ShouldBe(HttpStatusCode.BadRequest);
    }

    async Task<HttpStatusCode> ConfigAsync(string yaml) =>
        (await _desk.Client.PutAsync("/api/v1/config", new StringContent(yaml, System.Text.Encoding.UTF8, "application/yaml"))).StatusCode;

    async Task<string> CreateAsync(string name, object match, object set)
    {
        var answer = await _desk.Client.PostAsJsonAsync(Rules, new { name, match, set });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    async Task PutAsync(string id, object rule) => (await _desk.Client.PutAsJsonAsync($"{Rules}/{id}", rule)).StatusCode.ShouldBe(HttpStatusCode.OK);

    async Task SendLaterAsync(string subject)
    {
        _desk.App.Clock.Advance(TimeSpan.FromSeconds(1));
        await _desk.SendAsync(subject);
    }

    async Task<string?> LatestRuleAsync() => Text((await _desk.ItemsAsync("/api/v1/mail"))[0], "rule");

    async Task<IReadOnlyList<string?>> NamesAsync() => [.. (await _desk.ItemsAsync(Rules)).Select(rule => Text(rule, "name"))];

    static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;

    static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();
}
