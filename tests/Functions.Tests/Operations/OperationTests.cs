using System.Net;
using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Mail.Rules;
using Watchdesk.Operations;
using Watchdesk.Operations.Providers;
using Watchdesk.Operations.Runners;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Operations;

/// <summary>From a sentence to its record: what is understood, run once, and what is not.</summary>
public sealed class OperationTests : IAsyncLifetime
{
    OperationStory story = null!;

    public async Task InitializeAsync() => story = await OperationStory.BeginAsync();

    public async Task DisposeAsync() => await story.DisposeAsync();

    [Fact]
    [Trait("Demand", "S3-9")]
    [Trait("Demand", "S3-10")]
    [Trait("Demand", "S3-14")]
    [Trait("Demand", "S3-E6")]
    public async Task What_changes_nothing_runs_at_once_and_its_record_is_polled_by_its_request_id()
    {
        var asked = await OperationStory.SendAsync(await story.AsAsync(OperationStory.Asker), "POST", "", """{"text":"lab list things","requestId":"84a5 - 7"}""", HttpStatusCode.Accepted);
        OperationStory.Text(asked, "status").ShouldBe("IN_PROGRESS");
        OperationStory.Text(asked, "light").ShouldBe("white");
        await story.Desk.SettleAsync();

        var record = await OperationStory.SendAsync(await story.AsAsync("reader@example.org", Role.Reader), "GET", "/api/v1.0/cmd/response/84a5%20-%207");

        OperationStory.Text(record, "_id").ShouldBe("84a5 - 7");
        OperationStory.Text(record, "status").ShouldBe("SUCCESS");
        OperationStory.Text(record, "light").ShouldBe("green");
        OperationStory.Text(record, "commandExecuted").ShouldBe("lab list things");
        OperationStory.Text(record, "resp").ShouldBe("ok");
        record.GetProperty("respRecvdTime").GetDateTimeOffset().ShouldBe(record.GetProperty("startTime").GetDateTimeOffset());
        story.Ran.ShouldHaveSingleItem().IdempotencyKey.ShouldBe($"{story.IdOf(asked)}:run");
    }

    [Fact]
    [Trait("Demand", "S3-11")]
    public async Task A_request_id_is_run_once_whoever_repeats_it_and_means_one_thing()
    {
        var first = await story.AskAsync("lab list things", "\"requestId\":\"r1\"");
        var again = await story.AskAsync("lab list things", "\"requestId\":\"r1\"");

        story.IdOf(again).ShouldBe(story.IdOf(first));
        story.Ran.Count.ShouldBe(1);
        await story.AskAsync("lab show thing a", "\"requestId\":\"r1\"", HttpStatusCode.Conflict);
    }

    [Theory]
    [Trait("Demand", "S3-3")]
    [Trait("Demand", "SL010")]
    [Trait("Demand", "RI014")]
    [InlineData("list ec2 instances",  "nearest", "aws list ec2 instances")]
    [InlineData("list my instances",   "reason",  "Did you mean")]
    [InlineData("list all things",     "nearest", "lab list things")]
    [InlineData("lab show",            "nearest", "lab show thing {name}")]
    [InlineData("make me a sandwich",  "reason",  "This was not understood. Begin with who is asked")]
    public async Task What_is_not_understood_has_a_record_that_says_what_would_be(string text, string member, string expected)
    {
        var answer = await story.AskAsync(text);

        OperationStory.Text(answer, "status").ShouldBe("FAILURE");
        OperationStory.Text(answer, "light").ShouldBe("red");
        OperationStory.Text(answer, member).ShouldContain(expected);
        story.Ran.ShouldBeEmpty();
        (await story.RowAsync(story.IdOf(answer))).IsConfusing.ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_missing_is_named_and_can_be_given_beside_the_sentence()
    {
        var missing = await story.AskAsync("show it", "\"intent\":\"lab/show thing\"");
        missing.GetProperty("missing").EnumerateArray().Single().GetString().ShouldBe("name");

        var wrong = await story.AskAsync("show it", """
            "intent":"lab/show thing","arguments":{"name":"$(reboot)"}
            """);
        OperationStory.Text(wrong, "reason").ShouldContain("name is not as it must be");

        var given = await story.AskAsync("show it", """
            "intent":"lab/show thing","arguments":{"name":"db1"}
            """);
        OperationStory.Text(given, "status").ShouldBe("SUCCESS");
        story.Ran.Single().Arguments["name"].ShouldBe("db1");
    }

    [Theory]
    [InlineData("""{"text":""}""",                                   "text is required")]
    [InlineData("""{"text":"a\nb"}""",                               "text is one line")]
    [InlineData("""{"text":"lab list things","requestid2":"x"}""",   "requestid2")]
    [InlineData("""{"text":"lab list things","arguments":{"":"x"}}""", "arguments has at most")]
    public async Task A_wrong_request_is_refused_by_name(string body, string expected)
    {
        var answer = await OperationStory.SendAsync(await story.AsAsync(OperationStory.Asker), "POST", "", body, HttpStatusCode.BadRequest);

        OperationStory.Text(answer, "detail").ShouldContain(expected);
    }

    [Fact]
    [Trait("Demand", "S3-6")]
    public async Task The_askers_own_role_decides_also_when_it_was_taken_away_meanwhile()
    {
        var low = await OperationStory.SendAsync(await story.AsAsync("low@example.org", Role.Responder), "POST", "", """{"text":"lab stop thing db1"}""", HttpStatusCode.Accepted);
        OperationStory.Text(low, "reason").ShouldContain("needs the role operator");

        var person = await story.PersonAsync("eve@example.org", Role.Operator);
        var outcome = await Desk.AskAsync(person.ToCaller(), new OperationRequest("lab stop thing db1"), default);
        await Users.ChangeAsync("main", person.Id, user => user with { Role = Role.Reader }, default);
        await story.Desk.SettleAsync();

        OperationStory.Text(await story.GetAsync(outcome.Operation!.Id), "reason").ShouldContain("needs the role operator");
        story.Ran.ShouldBeEmpty();
    }

    /// <summary>The bound of mail rules holds for the whole process, whichever is used first.</summary>
    [Fact]
    public void The_built_in_providers_keep_to_the_bound_of_expressions()
    {
        MailPattern.Compile("subject", "a");

        ProviderTable.Read(Repository.Read("functions/Operations/Providers/providers.json")).Providers.Count.ShouldBe(5);
    }

    [Theory]
    [InlineData("ffffffffffffffffffffffffffffffff")]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("nothing%2Fhere")]
    public async Task An_id_that_is_none_is_not_found(string id) =>
        await OperationStory.SendAsync(await story.AsAsync(OperationStory.Asker), "GET", "/" + id, expected: HttpStatusCode.NotFound);

    [Fact]
    public async Task The_list_has_the_newest_first_page_by_page()
    {
        foreach (var n in Enumerable.Range(1, 3))
        {
            await story.AskAsync("lab list things", $"\"requestId\":\"r{n}\"");
            story.App.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var page = await OperationStory.SendAsync(await story.AsAsync(OperationStory.Asker), "GET", "?limit=2");
        Ids(page).ShouldBe(["r3", "r2"]);
        Ids(await OperationStory.SendAsync(await story.AsAsync(OperationStory.Asker), "GET", $"?limit=2&next={Uri.EscapeDataString(OperationStory.Text(page, "next"))}")).ShouldBe(["r1"]);

        static IEnumerable<string> Ids(JsonElement list) => list.GetProperty("items").EnumerateArray().Select(item => OperationStory.Text(item, "requestId"));
    }

    [Fact]
    public async Task A_start_that_got_lost_is_made_up_for_by_the_due_index()
    {
        story.App.Queues.BeforeSend = (queue, _) => throw new RemoteCallException("queue", "send", 503, "Busy", isTransient: true);
        await OperationStory.SendAsync(await story.AsAsync(OperationStory.Asker), "POST", "", """{"text":"lab list things","requestId":"r1"}""", HttpStatusCode.ServiceUnavailable);
        story.App.Queues.BeforeSend = null;

        await story.Desk.AdvanceAsync(TimeSpan.FromMinutes(1.5));

        OperationStory.Text(await story.GetAsync("r1"), "status").ShouldBe("SUCCESS");
    }

    [Fact]
    public async Task Large_output_is_kept_and_stays_out_of_the_list()
    {
        var large = new string('ä', StepResult.MaxOutput);
        story.Answer = _ => new StepResult(true, 0, "lab", large);

        var answer = await story.AskAsync("lab list things");

        OperationStory.Text(answer, "resp").ShouldBe(large);
        (await OperationStory.SendAsync(await story.AsAsync(OperationStory.Asker), "GET", "")).GetProperty("items")[0].TryGetProperty("resp", out _).ShouldBeFalse();
    }

    OperationDesk Desk => (OperationDesk)story.App.Services.GetService(typeof(OperationDesk))!;

    UserStore Users => (UserStore)story.App.Services.GetService(typeof(UserStore))!;
}
