using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Watchdesk.Tenants;
using Watchdesk.Tests.Fuzz;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Configuration;

public sealed class ConfigApiTests : IAsyncLifetime
{
    const string Document = """
        jobs:
        - slug: nightly-backup
          name: Nightly backup
          severity: warning
          schedule: {cron: "0 2 * * *", timeZone: Europe/Berlin, grace: 00:30:00}
          tags: [db]
        - name: Invoice run
          schedule: {period: "01:00:00"}
        channels:
        - name: ops
          kind: webhook
          settings: {url: "https://hooks.example.org/in?token=hush", secret: 0123456789abcdef}
          digest: {at: 09:00, timeZone: Europe/Berlin}
        rules:
        - name: slow
          namespace: Recommendation
          frequency: 0d_0h_0m_5000s
          rule_condition: P99 time_taken 0d_0h_5m_0s > 800
          severity: info
          dimensions: {host: db01}
          actions: [{name: slack, value: "https://hooks.slack.com/services/T0/B0/hush"}]
        """;

    TestApp app = null!;
    HttpClient admin = null!;

    public async Task InitializeAsync()
    {
        app = await TestApp.StartAsync();
        admin = await app.SignedInAsync();
    }

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task A_document_is_applied_once_and_changes_nothing_the_second_time()
    {
        var first = await PutAsync(Document);

        Diff(first).ShouldBe(["+ channel ops", "+ job nightly-backup", "+ job invoice-run", "+ rule slow"]);
        Counts(first).ShouldBe("False 4 0 0 0");
        var rows = Rows();

        var second = await PutAsync(Document);

        Diff(second).ShouldBeEmpty();
        Counts(second).ShouldBe("False 0 0 0 4");
        Rows().ShouldBe(rows);
    }

    [Fact]
    public async Task A_dry_run_says_the_same_and_writes_nothing()
    {
        var rows = Rows();

        var dry = await PutAsync(Document, "?dryRun=true");

        Counts(dry).ShouldBe("True 4 0 0 0");
        Rows().ShouldBe(rows);
        Diff(await PutAsync(Document)).ShouldBe(Diff(dry));
    }

    [Fact]
    public async Task What_changes_is_shown_from_and_to()
    {
        await PutAsync(Document);

        var changed = await PutAsync(Document.Replace("severity: warning", "severity: critical", StringComparison.Ordinal).Replace("00:30:00", "01:00:00", StringComparison.Ordinal)
            .Replace("hush", "other", StringComparison.Ordinal).Replace("  tags: [db]\n", "", StringComparison.Ordinal).Replace("> 800", "> 900", StringComparison.Ordinal));

        Diff(changed).ShouldBe(
        [
            "~ channel ops: a secret the stored one -> a new one",
            "~ job nightly-backup: severity warning -> critical; schedule.grace 00:30:00 -> 01:00:00; tags [\"db\"] -> []",
            "~ rule slow: rule_condition P99 time_taken 0d_0h_5m_0s > 800 -> P99 time_taken 0d_0h_5m_0s > 900",
        ]);
        changed.GetProperty("changes")[1].GetProperty("fields")[1].GetRawText().ShouldBe("""{"name":"schedule.grace","from":"00:30:00","to":"01:00:00"}""");
        changed.GetRawText().ShouldNotContain("other");
        (await JobAsync("nightly-backup")).GetProperty("severity").GetString().ShouldBe("critical");
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_said_at_once_with_its_line_and_nothing_is_written()
    {
        var rows = Rows();

        var problem = await PutAsync(
            """
            channels:
            - name: ops
              kind: pigeon
              settings: {}
            - name: mail
              kind: mail
              settings: {host: mail.example.org}
            jobs:
            - name: Good
            - name: Good
            - name: Bad
              schedule:
                period: never
            - nmae: Worse
            - name: Worst
              severity: 12
            - 7
            rules:
            - name: wrong
              frequency: 0d_0h_1m_0s
              rule_condition: P999 time_taken 0d_0h_5m_0s > 1
            - {name: odd, frequency: 0d_0h_1m_0s, rule_condition: AVG x 0d_0h_5m_0s > 1, actions: [{name: pigeon}]}
            """, status: HttpStatusCode.BadRequest);

        problem.GetProperty("errors").EnumerateArray().Select(error => $"{error.GetProperty("line")} {error.GetProperty("path")}: {error.GetProperty("reason")}").ShouldBe(
        [
            "3 channels[0].kind: kind is one of webhook, teams, slack, mail.",
            "5 channels[1]: From is one address.",
            "10 jobs[1]: The job good is in the document twice; it is jobs[0] too.",
            "13 jobs[2].schedule.period: period: \"never\" is not a duration d.hh:mm:ss, for example \"00:05:00\" or \"1.00:00:00\".",
            "14 jobs[3].nmae: The member nmae is not known here. Remove it or correct its name.",
            "16 jobs[4].severity: severity is info, warning or critical.",
            "17 jobs[5]: A job is an object.",
            "21 rules[0].rule_condition: rule_condition, column 1: the aggregate is P0 to P100, AVG, MIN, MAX, SUM or COUNT, for example P99 time_taken 0d_0h_5m_0s > 200.",
            "22 rules[1]: Action 1: name is one of slack, gmail, teams, webhook.",
        ]);
        problem.GetProperty("detail").GetString().ShouldStartWith("Nothing was written. Line 3, channels[0].kind: kind is one of");
        Rows().ShouldBe(rows);
    }

    [Theory]
    [InlineData("""{"jbos":[]}""",                         "The document has no member \"jbos\"; it has prune, channels, jobs, rules, mailRules.")]
    [InlineData("""{"jobs":{}}""",                         "jobs is a list of at most 5000.")]
    [InlineData("""{"jobs":[],"jobs":[]}""",               "jobs is given twice.")]
    [InlineData("""{"prune":"yes"}""",                     "prune is true or false.")]
    [InlineData("""[]""",                                  "The document is an object with channels, jobs, rules, mailRules.")]
    [InlineData("""{"jobs":[""",                           "The body is not valid JSON (line 1, byte 10).")]
    public async Task What_is_no_such_document_is_refused(string json, string detail)
    {
        var problem = await PutAsync(json, mediaType: "application/json", status: HttpStatusCode.BadRequest);

        problem.GetProperty("detail").GetString().ShouldBe(detail);
    }

    [Fact]
    public async Task What_the_document_does_not_name_stays_unless_it_says_prune()
    {
        await PutAsync(Document);
        const string smaller = "jobs:\n- {name: Invoice run, schedule: {period: '01:00:00'}}\n";

        Counts(await PutAsync(smaller)).ShouldBe("False 0 0 0 1");
        var pruned = await PutAsync("prune: true\n" + smaller);

        Diff(pruned).ShouldBe(["- job nightly-backup"]);
        (await admin.GetAsync("/api/v1/jobs/nightly-backup")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await GetAsync("/api/v1/channels")).GetProperty("items").GetArrayLength().ShouldBe(1);
        Diff(await PutAsync("prune: true\n" + smaller)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/yaml")]
    public async Task What_is_exported_is_masked_and_changes_nothing_when_it_is_sent_back(string mediaType)
    {
        await PutAsync(Document);
        var rows = Rows();

        var exported = await ExportAsync(mediaType);

        exported.ShouldNotContain("hush");
        exported.ShouldNotContain("0123456789abcdef");
        exported.ShouldContain("P99 time_taken");
        exported.ShouldContain("********");
        var again = await PutAsync(exported, mediaType: mediaType);
        Counts(again).ShouldBe("False 0 0 0 4");
        Rows().ShouldBe(rows);
        (await ExportAsync(mediaType)).ShouldBe(exported);
    }

    [Fact]
    public async Task Parents_are_slugs_in_any_order_and_an_export_changes_nothing()
    {
        Counts(await PutAsync("jobs:\n- {name: Child, parents: [parent]}\n- {name: Parent}\n")).ShouldBe("False 2 0 0 0");

        (await JobAsync("child")).GetProperty("parents")[0].GetString().ShouldBe((await JobAsync("parent")).GetProperty("id").GetString());
        var exported = await ExportAsync("application/yaml");
        Counts(await PutAsync(exported, "?dryRun=true")).ShouldBe("True 0 0 0 2");
        Counts(await PutAsync(exported)).ShouldBe("False 0 0 0 2");
    }

    [Theory]
    [InlineData("- {name: Child,\n   parents: [nobody]}", 3, "jobs[0].parents", "parents: there is no job nobody, neither here nor in the document.")]
    [InlineData("- {name: A, parents: [b]}\n- {name: B, parents: [a]}", 2, "jobs[0].parents", "parents: a > b > a is a circle, and a job cannot silence itself. Leave out one of these parents.")]
    public async Task Parents_that_cannot_be_are_refused(string jobs, int line, string path, string reason)
    {
        var error = (await PutAsync("jobs:\n" + jobs, status: HttpStatusCode.BadRequest)).GetProperty("errors")[0];

        (error.GetProperty("line").GetInt32(), error.GetProperty("path").GetString(), error.GetProperty("reason").GetString()).ShouldBe((line, path, reason));
    }

    [Fact]
    public async Task The_severities_that_may_be_are_listed() =>
        (await PutAsync("channels:\n- {name: a, kind: teams, minSeverity: loud, settings: {url: 'https://example.org'}}", status: HttpStatusCode.BadRequest))
            .GetProperty("errors")[0].GetProperty("reason").GetString().ShouldBe("minSeverity is info, warning or critical.");

    [Fact]
    public async Task A_masked_secret_of_another_desk_is_refused()
    {
        var problem = await PutAsync("channels:\n- {name: a, kind: slack, settings: {url: 'https://hooks.slack.com/********'}}\n", status: HttpStatusCode.BadRequest);

        problem.GetProperty("errors")[0].GetProperty("reason").GetString().ShouldBe("******** and … stand for a secret that is stored already, and none is: enter it.");
    }

    [Fact]
    public async Task Names_that_do_not_tell_channels_apart_and_more_than_there_is_room_for_are_refused()
    {
        var many = string.Concat(Enumerable.Range(0, 51).Select(i => $"- {{name: c{i}, kind: teams, settings: {{url: 'https://example.org/{i}'}}}}\n"));
        (await PutAsync("channels:\n" + many, status: HttpStatusCode.BadRequest)).GetProperty("errors")[0].GetProperty("reason").GetString().ShouldBe("A tenant has at most 50 channels.");

        const string twin = """{"kind":"teams","name":"twin","settings":{"url":"https://example.org"}}""";
        await PostAsync("/api/v1/channels", twin);
        await PostAsync("/api/v1/channels", twin);
        (await PutAsync("channels: []", status: HttpStatusCode.BadRequest)).GetProperty("detail").GetString().ShouldBe("2 channels have the name twin; a document knows them by name, so rename or delete one first.");
        Counts(await PutAsync("jobs: []")).ShouldBe("False 0 0 0 0");
    }

    [Theory]
    [InlineData(Role.Reader)]
    [InlineData(Role.Approver)]
    public async Task Only_an_admin_may(Role role)
    {
        using var other = await app.SignedInAsync(role);

        (await other.GetAsync("/api/v1/config")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await other.PutAsync("/api/v1/config", new StringContent("jobs: []", Encoding.UTF8, "application/yaml"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Its_size_is_bounded_and_it_is_UTF_8()
    {
        (await PutAsync("# " + new string('x', 1024 * 1024), status: HttpStatusCode.BadRequest)).GetProperty("detail").GetString().ShouldBe("The document has more than 1024 KiB.");

        using var latin = new ByteArrayContent([(byte)'a', (byte)':', 0xE9, 0x28]);
        var answer = await admin.PutAsync("/api/v1/config", latin);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("The document is not UTF-8.");
    }

    [Fact]
    public async Task A_mutated_document_is_applied_or_refused_and_nothing_else()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            using var content = new ByteArrayContent(new Mutator(seed).Mutate([Document])) { Headers = { ContentType = new MediaTypeHeaderValue("application/yaml") } };

            var answer = await admin.PutAsync(seed % 2 == 0 ? "/api/v1/config" : "/api/v1/config?dryRun", content);

            answer.StatusCode.ShouldBeOneOf([HttpStatusCode.OK, HttpStatusCode.BadRequest], $"seed {seed}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    async Task<JsonElement> PutAsync(string document, string query = "", string mediaType = "application/yaml", HttpStatusCode status = HttpStatusCode.OK)
    {
        using var content = new StringContent(document, Encoding.UTF8, mediaType);
        var answer = await admin.PutAsync("/api/v1/config" + query, content);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, text);
        return JsonElement.Parse(text);
    }

    async Task<string> ExportAsync(string mediaType)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/config") { Headers = { Accept = { new MediaTypeWithQualityHeaderValue(mediaType) } } };
        var answer = await admin.SendAsync(request);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe(mediaType);
        return await answer.Content.ReadAsStringAsync();
    }

    async Task PostAsync(string path, string json) =>
        (await admin.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"))).StatusCode.ShouldBe(HttpStatusCode.Created);

    Task<JsonElement> JobAsync(string slug) => GetAsync("/api/v1/jobs/" + slug);

    async Task<JsonElement> GetAsync(string path) => JsonElement.Parse(await admin.GetStringAsync(path));

    static IReadOnlyList<string> Diff(JsonElement answer) => [.. answer.GetProperty("diff").EnumerateArray().Select(line => line.GetString()!)];

    static string Counts(JsonElement answer) =>
        $"{answer.GetProperty("dryRun").GetBoolean()} {answer.GetProperty("created")} {answer.GetProperty("changed")} {answer.GetProperty("removed")} {answer.GetProperty("unchanged")}";

    /// <summary>Every row there is with its ETag, so that a write of the same is seen too.</summary>
    string[] Rows() => [.. new[] { "jobs", "jobstate", "pings", "channels", "rules", "due" }.SelectMany(table => app.Tables.Rows(table).Select(row => $"{table} {row.PartitionKey} {row.RowKey} {row.ETag}"))];
}
