using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Hosting.Durable;
using Watchdesk.Incidents;
using Watchdesk.Notices;
using Watchdesk.Operations.Escalations;
using Watchdesk.Tenants;
using Watchdesk.Tests.Incidents;

namespace Watchdesk.Tests.Operations.Escalations;

/// <summary>An incident that nobody takes goes from one to the next.</summary>
public sealed class EscalationTests : IAsyncLifetime
{
    const string Path = "/api/v1/escalations";

    OperationStory story = null!;
    User ann = null!;
    User bob = null!;

    public async Task InitializeAsync()
    {
        story = await OperationStory.BeginAsync();
        (ann, bob) = (await story.PersonAsync("ann@example.org", Role.Responder), await story.PersonAsync("bob@example.org", Role.Responder));
    }

    public async Task DisposeAsync() => await story.DisposeAsync();

    [Fact]
    public async Task Steps_are_gone_through_until_somebody_acknowledges()
    {
        await RotationAsync(ann);
        await PolicyAsync($$"""[{"notify":"onCall"},{"wait":"00:10:00"},{"notify":"person","id":"{{bob.Id}}"},{"wait":"00:10:00"},{"notify":"onCall"}]""");
        var id = await OpenAsync("db1");
        Told().ShouldBe(["ann"]);

        await story.Desk.AdvanceAsync(TimeSpan.FromMinutes(11));
        Told().ShouldBe(["ann", "bob"]);
        await ActAsync(id, "acknowledge");
        await story.Desk.AdvanceAsync(TimeSpan.FromMinutes(11));

        Told().ShouldBe(["ann", "bob"]);
        (await StoryAsync(id)).ShouldContain("Nobody has taken it: “Nights” tells ann, who is on call.");
    }

    [Theory]
    [InlineData("acknowledge")]
    [InlineData("take")]
    [InlineData("resolve")]
    public async Task It_ends_at_once_when_somebody_has_it_or_it_is_over(string what)
    {
        await PolicyAsync($$"""[{"notify":"person","id":"{{ann.Id}}"},{"wait":"00:10:00"},{"notify":"person","id":"{{bob.Id}}"}]""");
        var id = await OpenAsync("db1");
        var run = await RunAsync(id);

        await ActAsync(id, what);
        await story.Desk.SettleAsync();

        (await story.Desk.InstanceAsync(run!)).Output.ShouldBe("\"somebody has it, or it is over\"");
        (await RunAsync(id)).ShouldBeNull();
        await story.Desk.AdvanceAsync(TimeSpan.FromMinutes(11));
        Told().ShouldBe(["ann"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_next_step_notices_it_when_the_event_is_lost_and_twice_is_as_good_as_once(bool isLost)
    {
        await PolicyAsync($$"""[{"notify":"person","id":"{{ann.Id}}"},{"wait":"00:10:00"},{"notify":"person","id":"{{bob.Id}}"}]""");
        var id = await OpenAsync("db1");
        await ActAsync(id, "acknowledge");
        var raised = story.App.Queues.Take(OrchestrationClient.Queue).ShouldNotBeNull();
        for (var times = 0; times < (isLost ? 0 : 2); times++)
        {
            await story.App.Queues.SendAsync(OrchestrationClient.Queue, raised.Body, raised.Id, default);
        }

        await story.Desk.SettleAsync();
        (await RunAsync(id) is null).ShouldBe(!isLost);
        await story.Desk.AdvanceAsync(TimeSpan.FromMinutes(11));

        Told().ShouldBe(["ann"]);
        (await RunAsync(id)).ShouldBeNull();
    }

    [Fact]
    public async Task It_goes_on_at_its_time_when_nobody_has_it_any_more_by_then()
    {
        await PolicyAsync($$"""[{"notify":"person","id":"{{ann.Id}}"},{"wait":"00:10:00"},{"notify":"person","id":"{{bob.Id}}"}]""");
        var id = await OpenAsync("db1");
        await ActAsync(id, "take");
        await ActAsync(id, "release");
        await story.Desk.SettleAsync();
        await story.Desk.AdvanceAsync(TimeSpan.FromMinutes(9));
        Told().ShouldBe(["ann"]);

        await story.Desk.AdvanceAsync(TimeSpan.FromMinutes(2));

        Told().ShouldBe(["ann", "bob"]);
    }

    [Fact]
    public async Task One_run_at_a_time_escalates_an_incident_and_what_was_lost_is_gone_on_with()
    {
        var (store, now) = (story.App.Services.GetRequiredService<EscalationStore>(), story.App.Clock.GetUtcNow());
        (await ClaimAsync("main:esc-a-1", now)).ShouldBeTrue();
        (await ClaimAsync("main:esc-a-1", now)).ShouldBeTrue();
        (await ClaimAsync("main:esc-a-2", now)).ShouldBeFalse();
        (await ClaimAsync("main:esc-a-1-r1", now)).ShouldBeTrue();
        (await RunAsync("a")).ShouldBe("main:esc-a-1-r1");

        (await ClaimAsync("main:esc-a-2", now.AddHours(1))).ShouldBeTrue();

        (await RunAsync("a")).ShouldBe("main:esc-a-2");

        Task<bool> ClaimAsync(string run, DateTimeOffset at) => store.ClaimAsync(Tenant.Main, "a", run, at.AddHours(1), at, default);
    }

    [Fact]
    public async Task At_its_end_it_says_that_nobody_took_it_and_it_repeats_as_asked()
    {
        await PolicyAsync($$"""[{"notify":"person","id":"{{ann.Id}}"},{"wait":"00:05:00"}]""", ",\"repeat\":1");
        var id = await OpenAsync("db1");
        for (var n = 0; n < 4; n++)
        {
            await story.Desk.AdvanceAsync(TimeSpan.FromMinutes(6));
        }

        Told().ShouldBe(["ann", "ann"]);
        (await StoryAsync(id)).ShouldContain("The escalation by “Nights” is at its end, and nobody has taken it.");
    }

    [Fact]
    public async Task Nobody_on_call_is_said_and_the_next_step_is_taken()
    {
        await PolicyAsync($$"""[{"notify":"onCall"},{"wait":"00:05:00"},{"notify":"person","id":"{{bob.Id}}"}]""");
        var id = await OpenAsync("db1");
        (await StoryAsync(id)).ShouldContain("“Nights” would tell who is on call, but nobody can be reached there.");

        await story.Desk.AdvanceAsync(TimeSpan.FromMinutes(6));

        Told().ShouldBe(["bob"]);
    }

    [Theory]
    [InlineData(Severity.Warning,  null)]
    [InlineData(Severity.Critical, "other.*")]
    public async Task What_no_policy_fits_is_left_alone(Severity severity, string? org)
    {
        await PolicyAsync($$"""[{"notify":"person","id":"{{ann.Id}}"}]""", org is null ? "" : $",\"org\":\"{org}\"");

        await OpenAsync("db1", severity);

        Told().ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_policy_nothing_is_started()
    {
        await OpenAsync("db1");

        story.App.Tables.Rows("durable").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"name":"x","steps":[]}""",                                                     "steps has 1 to 20")]
    [InlineData("""{"name":"x","steps":[{"wait":"00:10:00"}]}""",                                  "at least one tells somebody")]
    [InlineData("""{"name":"x","steps":[{"notify":"onCall"},{"wait":"00:00:01"}]}""",              "A step either waits, 00:01:00 to 1.00:00:00")]
    [InlineData("""{"name":"x","steps":[{"notify":"group","id":"0199aaaabbbb7cccdddd111122223333"}]}""", "There is no group with the id")]
    [InlineData("""{"name":"x","steps":[{"notify":"onCall"}],"repeat":9}""",                       "repeat is 0 to 5")]
    [InlineData("""{"name":"","steps":[{"notify":"onCall"}]}""",                                   "name has 1 to 100 characters")]
    [InlineData("""{"name":"x","stepps":[]}""",                                                    "stepps")]
    public async Task A_policy_that_cannot_work_is_refused(string body, string because) =>
        OperationStory.Text(await OperationStory.SendAsync(await AdminAsync(), "POST", Path, body, HttpStatusCode.BadRequest), "detail").ShouldContain(because);

    [Fact]
    public async Task A_policy_is_changed_and_deleted()
    {
        var made = await PolicyAsync("""[{"notify":"onCall"}]""");
        var id = made.GetProperty("id").GetString();
        await OperationStory.SendAsync(await AdminAsync(), "PUT", $"{Path}/{id}", """{"name":"Days","steps":[{"notify":"onCall"}]}""");
        (await OperationStory.SendAsync(await AdminAsync(), "GET", $"{Path}/{id}")).GetProperty("name").GetString().ShouldBe("Days");

        await OperationStory.SendAsync(await AdminAsync(), "DELETE", $"{Path}/{id}", expected: HttpStatusCode.NoContent);
        (await OperationStory.SendAsync(await AdminAsync(), "GET", Path)).GetProperty("items").GetArrayLength().ShouldBe(0);
        story.App.Clock.Advance(TimeSpan.FromMinutes(2));
        await OpenAsync("db1");
        story.App.Tables.Rows("durable").ShouldBeEmpty();
    }

    [Fact]
    public async Task Somebody_stands_in_and_stands_down()
    {
        await RotationAsync(ann);
        var body = $$"""{"user":"{{bob.Id}}","from":"2026-11-20T00:00:00Z","until":"2026-11-21T00:00:00Z"}""";

        (await OperationStory.SendAsync(await AdminAsync(), "POST", Path + "/rotation/overrides", body)).GetProperty("onCallName").GetString().ShouldBe("bob");
        (await OperationStory.SendAsync(await AdminAsync(), "POST", Path + "/rotation/overrides/end", body)).GetProperty("onCallName").GetString().ShouldBe("ann");
        OperationStory.Text(await OperationStory.SendAsync(await AdminAsync(), "POST", Path + "/rotation/overrides", """{"user":"x","from":"2026-11-20T00:00:00Z","until":"2026-11-21T00:00:00Z"}""", HttpStatusCode.BadRequest), "detail").ShouldContain("There is nobody with the id");
    }

    [Fact]
    public async Task The_calendar_opens_by_its_secret_alone()
    {
        await RotationAsync(ann);
        var key = await OperationStory.SendAsync(await AdminAsync(), "POST", "/api/v1/keys", """{"name":"phones","kind":"calendar"}""", HttpStatusCode.Created);
        using var anonymous = story.App.Anonymous();
        var address = $"/calendar/{key.GetProperty("key").GetString()}.ics";

        using var answer = await anonymous.GetAsync(address);

        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/calendar; charset=utf-8");
        (await answer.Content.ReadAsStringAsync()).ShouldContain("SUMMARY:On call: ann\r\n");
        (await anonymous.GetAsync($"/calendar/{new string('0', 22)}.ics")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await OperationStory.SendAsync(await AdminAsync(), "DELETE", $"/api/v1/keys/{key.GetProperty("id").GetString()}", expected: HttpStatusCode.NoContent);
        (await anonymous.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Who_asks_for_calendars_too_often_has_to_wait()
    {
        using var anonymous = story.App.Anonymous();
        var statuses = new List<HttpStatusCode>();
        for (var n = 0; n <= LinkPace.PerMinute; n++)
        {
            using var answer = await anonymous.GetAsync($"/calendar/{new string('0', 22)}.ics");
            statuses.Add(answer.StatusCode);
        }

        statuses[^1].ShouldBe(HttpStatusCode.TooManyRequests);
        statuses.SkipLast(1).ShouldAllBe(status => status == HttpStatusCode.NotFound);
    }

    Task<HttpClient> AdminAsync() => story.AsAsync("admin@example.org", Role.Admin);

    async Task<JsonElement> PolicyAsync(string steps, string more = "") =>
        await OperationStory.SendAsync(await AdminAsync(), "POST", Path, $$"""{"name":"Nights","steps":{{steps}}{{more}}}""", HttpStatusCode.Created);

    async Task RotationAsync(params User[] people) => await OperationStory.SendAsync(
        await AdminAsync(), "PUT", Path + "/rotation", JsonSerializer.Serialize(new { people = people.Select(person => person.Id), start = "2026-11-16", handover = "09:00:00", timeZone = "Europe/Berlin" }));

    async Task<string> OpenAsync(string name, Severity severity = Severity.Critical)
    {
        await story.App.Services.GetRequiredService<IncidentDesk>().TellAsync("main", [A.Bad(name, severity: severity) with { Org = "shop.db" }], story.App.Clock.GetUtcNow(), default);
        await story.Desk.SettleAsync();
        return (await OperationStory.SendAsync(await AdminAsync(), "GET", "/api/v1/incidents")).GetProperty("items")[0].GetProperty("id").GetString()!;
    }

    async Task ActAsync(string id, string what) => await OperationStory.SendAsync(await AdminAsync(), "POST", $"/api/v1/incidents/{id}/{what}", what == "resolve" ? """{"reason":"repaired"}""" : "{}");

    Task<string?> RunAsync(string id) => story.App.Services.GetRequiredService<EscalationStore>().FindRunAsync(Tenant.Main, id, default);

    IEnumerable<string> Told() => story.Sent.Messages.Where(message => message.Notice.Kind == NoticeKind.Reminder).Select(message => message.Notice.Told!.Single().Split(' ')[0]);

    async Task<IReadOnlyList<string>> StoryAsync(string id) =>
        [.. (await OperationStory.SendAsync(await AdminAsync(), "GET", "/api/v1/incidents/" + id)).GetProperty("history").GetProperty("items").EnumerateArray().Select(line => line.GetProperty("text").GetString()!)];
}
