using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Clients;
using Watchdesk.Operations;
using Watchdesk.Operations.Providers;
using Watchdesk.Tenants;

namespace Watchdesk.Tests.Operations;

/// <summary>What changes something waits for another person, and for nobody else.</summary>
public sealed class ApprovalTests : IAsyncLifetime
{
    OperationStory story = null!;

    public async Task InitializeAsync() => story = await OperationStory.BeginAsync();

    public async Task DisposeAsync() => await story.DisposeAsync();

    [Fact]
    [Trait("Demand", "S3-9")]
    public async Task Another_person_approves_and_is_named_in_the_record_and_the_audit()
    {
        await story.PersonAsync("carl@example.org", Role.Approver);
        var asked = await AskedAsync();
        story.Sent.Messages.ShouldHaveSingleItem().Notice.Reason.ShouldContain("asks for your approval until 2026-11-20 12:00 UTC");

        var done = await story.ActAsync(OperationStory.Other, story.IdOf(asked), "approve");

        OperationStory.Text(done, "status").ShouldBe("SUCCESS");
        done.GetProperty("approval").GetProperty("by").GetString().ShouldBe($"key of {OperationStory.Other}");
        story.Ran.Select(step => step.Intent).ShouldBe(["stop thing", "show thing"]);
        (await AuditAsync()).ShouldHaveSingleItem().ShouldContain($"approved by key of {OperationStory.Other}: lab stop thing");
    }

    [Theory]
    [InlineData("the asker",                OperationStory.Asker, Role.Approver, HttpStatusCode.Conflict,  "Nobody approves one's own run")]
    [InlineData("an admin who asked",       OperationStory.Asker, Role.Admin,    HttpStatusCode.Conflict,  "Nobody approves one's own run")]
    [InlineData("an operator",              OperationStory.Other, Role.Operator, HttpStatusCode.Forbidden, "This needs the role approver")]
    public async Task Who_may_not_is_refused(string who, string person, Role role, HttpStatusCode status, string because)
    {
        var asked = await AskedAsync();

        var refused = await story.ActAsync(person, story.IdOf(asked), "approve", role, status);

        OperationStory.Text(refused, "detail").ShouldContain(because, customMessage: who);
        OperationStory.Text(await story.GetAsync(story.IdOf(asked)), "stage").ShouldBe("approval");
        story.Ran.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stale_approval_is_refused()
    {
        var asked = await AskedAsync();

        var refused = await story.ActAsync(OperationStory.Other, story.IdOf(asked), "approve", expected: HttpStatusCode.Conflict, seen: "0123456789abcdef");

        OperationStory.Text(refused, "detail").ShouldContain("earlier preview");
        story.Ran.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("its call",             false)]
    [InlineData("its preview",          false)]
    [InlineData("its target",           false)]
    [InlineData("what undoes it",       false)]
    [InlineData("what it is said like", true)]
    [InlineData("another intent",       true)]
    [InlineData("the provider's name",  true)]
    public async Task What_was_approved_is_run_and_nothing_else(string changed, bool isRun)
    {
        var id = story.IdOf(await AskedAsync());
        await story.App.Services.GetRequiredService<ProviderStore>().PutAsync(Tenant.Main, Changed(changed), default);

        var ended = await story.ActAsync(OperationStory.Other, id, "approve");

        OperationStory.Text(ended, "status").ShouldBe(isRun ? "SUCCESS" : "FAILURE");
        if (!isRun)
        {
            OperationStory.Text(ended, "reason").ShouldEndWith("nothing was run. Ask for it again, so that it is approved as it is now.");
            story.Ran.ShouldBeEmpty();
            story.App.Tables.Rows(Tables.Operations).ShouldNotContain(row => row.RowKey.StartsWith("t~", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_body_cannot_say_who_approves()
    {
        var asked = await AskedAsync();

        var refused = await OperationStory.SendAsync(await story.AsAsync(OperationStory.Asker, Role.Approver), "POST", $"/{story.IdOf(asked)}/approve", """{"by":"bob@example.org"}""", HttpStatusCode.BadRequest);

        OperationStory.Text(refused, "detail").ShouldContain("by is not known here");
    }

    [Fact]
    public async Task A_forged_event_changes_nothing()
    {
        var id = story.IdOf(await AskedAsync());

        foreach (var forged in new[] { "approve", """{"isApproved":true,"by":"bob@example.org"}""" })
        {
            await story.Desk.Client.RaiseAsync($"main:{id}", RunOperation.Nudge, forged, default);
            await story.Desk.SettleAsync();
        }

        OperationStory.Text(await story.GetAsync(id), "stage").ShouldBe("approval");
        story.Ran.ShouldBeEmpty();
    }

    [Fact]
    public async Task After_the_deadline_it_has_ended_and_nobody_can_approve_it()
    {
        var id = story.IdOf(await AskedAsync());
        story.App.Clock.Advance(TimeSpan.FromHours(4));
        OperationStory.Text(await story.ActAsync(OperationStory.Other, id, "approve", expected: HttpStatusCode.Conflict), "detail").ShouldContain("could be approved until 2026-11-20 12:00 UTC");

        await story.Desk.AdvanceAsync(TimeSpan.FromMinutes(20));

        OperationStory.Text(await story.GetAsync(id), "reason").ShouldContain("Nobody approved it until");
        OperationStory.Text(await story.ActAsync(OperationStory.Other, id, "approve", expected: HttpStatusCode.Conflict), "detail").ShouldContain("has ended already");
        story.Ran.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_rejected_one_ends_and_cannot_be_approved_any_more()
    {
        var id = story.IdOf(await AskedAsync());

        OperationStory.Text(await story.ActAsync(OperationStory.Other, id, "reject"), "reason").ShouldBe($"Rejected by key of {OperationStory.Other}: because");

        await story.ActAsync("carl@example.org", id, "approve", expected: HttpStatusCode.Conflict);
        story.Ran.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_else_may_approve_and_the_preview_names_who_could()
    {
        var admin = await story.PersonAsync("ann2@example.org", Role.Admin);
        await story.PersonAsync("dora@example.org", Role.Responder);

        var outcome = await ((OperationDesk)story.App.Services.GetService(typeof(OperationDesk))!).AskAsync(admin.ToCaller(), new OperationRequest("lab stop thing db1"), default);
        await story.Desk.SettleAsync();

        (await story.GetAsync(outcome.Operation!.Id)).GetProperty("approval").GetProperty("who").GetString()!.ShouldContain("dora could become an approver: an admin sets the role under People.");
    }

    [Fact]
    public async Task With_the_rule_off_it_runs_and_each_run_is_an_audit_line()
    {
        await SettingsAsync("""{"approval":false,"dryRun":false,"approveWithin":"04:00:00"}""");

        OperationStory.Text(await story.AskAsync("lab stop thing db1"), "status").ShouldBe("SUCCESS");

        (await AuditAsync()).ShouldContain(line => line.Contains("without another person's approval: an admin has switched the rule off", StringComparison.Ordinal));
    }

    [Fact]
    public void What_did_not_run_is_not_said_to_have_run_without_approval()
    {
        var now = DateTimeOffset.UnixEpoch;
        var refused = new Operation("main", "0", "lab stop thing db1", new Asker("1", "eve", Role.Reader, "eve"), now) { Provider = "lab", ChangesAnything = true }.End(OperationStatus.Failure, "needs the role operator", now);
        var ran = refused with { Steps = [new OperationStep("stop", Changes: true) { State = StepState.Done, BeganAt = now }] };

        OperationTeller.Lines(refused, now).Count().ShouldBe(1);
        OperationTeller.Lines(ran, now).Count().ShouldBe(2);
    }

    [Fact]
    public async Task A_dry_run_says_what_it_would_do_and_asks_nobody()
    {
        await SettingsAsync("""{"approval":true,"dryRun":true,"approveWithin":"04:00:00"}""");

        var done = await story.AskAsync("lab stop thing db1");

        OperationStory.Text(done, "status").ShouldBe("SUCCESS");
        done.GetProperty("dryRun").GetBoolean().ShouldBeTrue();
        story.Ran.ShouldHaveSingleItem().DryRun.ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"approval":true,"dryRun":false,"approveWithin":"00:01:00"}""")]
    [InlineData("""{"approval":true,"dryRun":false,"approveWithin":"8.00:00:00"}""")]
    public async Task Settings_out_of_bounds_are_refused(string body) =>
        OperationStory.Text(await OperationStory.SendAsync(await story.AsAsync("admin@example.org", Role.Admin), "PUT", "/settings", body, HttpStatusCode.BadRequest), "detail").ShouldContain("approveWithin is");

    /// <summary>The provider after an admin has changed something of it.</summary>
    static Provider Changed(string what)
    {
        return what switch
        {
            "its call" => With("stop thing", intent => intent with { Call = new IntentCall("POST", "elsewhere") }),
            "its preview" => With("stop thing", intent => intent with { Preview = "Stop {name} for good." }),
            "its target" => With("stop thing", intent => intent with { Target = "other/{name}" }),
            "what undoes it" => With("start thing", intent => intent with { Call = new IntentCall("POST", "elsewhere") }),
            "what it is said like" => With("stop thing", intent => intent with { Phrases = [.. intent.Phrases, "halt {name}"] }),
            "another intent" => With("list things", intent => intent with { Call = new IntentCall("POST", "elsewhere") }),
            "the provider's name" => OperationStory.Lab with { Name = "Laboratory", Aliases = ["laboratory"] },
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };

        static Provider With(string name, Func<Intent, Intent> change) => OperationStory.Lab with { Intents = [.. OperationStory.Lab.Intents.Select(intent => intent.Name == name ? change(intent) : intent)] };
    }

    async Task<JsonElement> AskedAsync()
    {
        var asked = await story.AskAsync("lab stop thing db1");
        OperationStory.Text(asked, "stage").ShouldBe("approval");
        OperationStory.Text(asked, "preview").ShouldBe("Stop db1.");
        return asked;
    }

    async Task SettingsAsync(string body) => await OperationStory.SendAsync(await story.AsAsync("admin@example.org", Role.Admin), "PUT", "/settings", body);

    async Task<IReadOnlyList<string>> AuditAsync()
    {
        var page = await OperationStory.SendAsync(await story.AsAsync("admin@example.org", Role.Admin), "GET", "/api/v1/audit?limit=200");
        return [.. page.GetProperty("items").EnumerateArray().Where(line => line.GetProperty("method").GetString() == "RUN").Select(line => line.GetProperty("path").GetString()!)];
    }
}
