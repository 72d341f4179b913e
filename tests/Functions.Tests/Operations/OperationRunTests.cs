using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Clients;
using Watchdesk.Operations;
using Watchdesk.Operations.Runners;
using Watchdesk.Tenants;

namespace Watchdesk.Tests.Operations;

/// <summary>One target at a time, cancelling, undoing, and what is left when a run is lost.</summary>
[Trait("Demand", "S3-9")]
public sealed class OperationRunTests : IAsyncLifetime
{
    OperationStory story = null!;

    public async Task InitializeAsync() => story = await OperationStory.BeginAsync();

    public async Task DisposeAsync() => await story.DisposeAsync();

    [Fact]
    public async Task A_second_run_on_a_target_waits_for_the_first_and_then_goes_on()
    {
        story.Answer = Never;
        var first = await ApprovedAsync("lab stop thing db1");
        var second = await ApprovedAsync("lab start thing db1");
        OperationStory.Text(second, "stage").ShouldBe("target");
        OperationStory.Text(second, "waits").ShouldBe($"key of {OperationStory.Asker}, who has lab/thing/db1");
        OperationStory.Text(await ApprovedAsync("lab start thing db2"), "status").ShouldBe("SUCCESS");

        story.Answer = step => new StepResult(true, 0, "lab", "state: stopped");
        await story.Desk.AdvanceAsync(TimeSpan.FromSeconds(30));
        await story.Desk.AdvanceAsync(TimeSpan.FromSeconds(30));

        OperationStory.Text(await story.GetAsync(story.IdOf(first)), "status").ShouldBe("SUCCESS");
        OperationStory.Text(await story.GetAsync(story.IdOf(second)), "status").ShouldBe("SUCCESS");
        Targets().ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_waits_too_long_for_a_target_is_told_who_has_it()
    {
        var holder = await HoldAsync();
        var second = await ApprovedAsync("lab start thing db1");

        for (var minutes = 0; minutes < 32; minutes += 2)
        {
            await story.Desk.AdvanceAsync(TimeSpan.FromMinutes(2));
        }

        var ended = await story.GetAsync(story.IdOf(second));
        OperationStory.Text(ended, "status").ShouldBe("FAILURE");
        OperationStory.Text(ended, "reason").ShouldContain($"key of {OperationStory.Asker} has had lab/thing/db1 for too long");
        Targets().ShouldHaveSingleItem().ShouldBe(holder);
    }

    [Fact]
    public async Task A_run_that_does_not_move_on_is_given_up_and_its_target_is_free()
    {
        var holder = await HoldAsync();

        await story.Desk.AdvanceAsync(TimeSpan.FromHours(2.5));
        await story.Desk.AdvanceAsync(TimeSpan.FromHours(2.5));

        OperationStory.Text(await story.GetAsync(holder), "reason").ShouldContain("It did not move on and was given up.");
        Targets().ShouldBeEmpty();
        OperationStory.Text(await ApprovedAsync("lab start thing db1"), "status").ShouldBe("SUCCESS");
    }

    [Fact]
    public async Task A_target_whose_holder_is_gone_is_taken_over()
    {
        await story.App.Tables.WriteAsync(Tables.Operations, TableWrite.Insert(new TableRow("main", "t~" + Keys.Hash("lab/thing/db1")) { ["Operation"] = Keys.NewId(story.App.Clock.GetUtcNow()) }), default);

        OperationStory.Text(await ApprovedAsync("lab start thing db1"), "status").ShouldBe("SUCCESS");
        Targets().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Role.Responder, HttpStatusCode.Conflict)]
    [InlineData(Role.Operator,  HttpStatusCode.OK)]
    public async Task While_it_waits_for_approval_it_is_cancelled_by_who_may(Role role, HttpStatusCode expected)
    {
        var id = story.IdOf(await story.AskAsync("lab stop thing db1"));

        await story.ActAsync("carl@example.org", id, "cancel", role, expected);

        OperationStory.Text(await story.GetAsync(id), "stage").ShouldBe(expected == HttpStatusCode.OK ? "ended" : "approval");
        story.Ran.ShouldBeEmpty();
    }

    [Fact]
    public async Task Cancelled_after_its_change_it_is_undone()
    {
        story.Answer = step => new StepResult(true, 0, $"lab {step.Intent}", step.Intent == "show thing" ? "state: stopping" : "ok");
        var id = story.IdOf(await ApprovedAsync("lab stop thing db1"));
        OperationStory.Text(await story.GetAsync(id), "stage").ShouldBe("running");

        var ended = await story.ActAsync(OperationStory.Asker, id, "cancel");

        OperationStory.Text(ended, "reason").ShouldBe($"Cancelled by key of {OperationStory.Asker}. It was undone by “start thing”.");
        story.Ran.Select(step => step.Intent).ShouldBe(["stop thing", "show thing", "start thing"]);
        story.Ran.Select(step => step.IdempotencyKey).ShouldBe([$"{id}:run", $"{id}:verify", $"{id}:undo"]);
        Targets().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_shows_no_effect_in_time_is_undone_and_failed()
    {
        story.Answer = step => new StepResult(true, 0, $"lab {step.Intent}", step.Intent == "show thing" ? "state: running" : "ok");
        var id = story.IdOf(await ApprovedAsync("lab stop thing db1"));
        for (var n = 0; n < 8; n++)
        {
            await story.Desk.AdvanceAsync(TimeSpan.FromSeconds(10));
        }

        var ended = await story.GetAsync(id);

        OperationStory.Text(ended, "reason").ShouldContain("within 00:01:00 nothing showed that it has worked. It was undone by “start thing”.");
        ended.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("state").GetString()).ShouldBe(["done", "failed", "done"]);
        OperationStory.Text(ended, "commandExecuted").ShouldBe("lab stop thing");
    }

    [Theory]
    [InlineData(7,    "lab says no")]
    [InlineData(null, "lab says no It was undone by “start thing”.")]
    public async Task A_step_that_failed_is_undone_only_when_nobody_knows_what_it_did(int? exitStatus, string reason)
    {
        story.Answer = step => new StepResult(step.Intent != "stop thing", exitStatus, "lab", "", step.Intent == "stop thing" ? "lab says no" : null);

        OperationStory.Text(await ApprovedAsync("lab stop thing db1"), "reason").ShouldBe(reason);
    }

    [Fact]
    public async Task Started_anew_after_the_platform_lost_it_it_goes_on_after_what_was_done()
    {
        story.Answer = step => new StepResult(true, 0, "lab", step.Intent == "show thing" ? "state: stopping" : "ok");
        var id = story.IdOf(await ApprovedAsync("lab stop thing db1"));
        await story.Desk.Client.TerminateAsync($"main:{id}", "as if lost", default);
        await story.Desk.SettleAsync();

        story.Answer = _ => new StepResult(true, 0, "lab", "state: stopped");
        await story.Desk.Client.StartAsync($"main:{id}-r1", RunOperation.Function, new OperationInput("main", id), default);
        await story.Desk.SettleAsync();

        OperationStory.Text(await story.GetAsync(id), "status").ShouldBe("SUCCESS");
        story.Ran.Count(step => step.Intent == "stop thing").ShouldBe(1);
        Targets().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_approval_before_or_after_it_is_started_anew_is_seen_at_once(bool isBefore)
    {
        var id = story.IdOf(await story.AskAsync("lab start thing db1"));
        await story.Desk.Client.TerminateAsync($"main:{id}", "as if lost", default);
        await story.Desk.SettleAsync();
        if (isBefore)
        {
            OperationStory.Text(await story.ActAsync(OperationStory.Other, id, "approve"), "stage").ShouldBe("approval");
        }

        await story.Desk.Client.StartAsync($"main:{id}-r1", RunOperation.Function, new OperationInput("main", id), default);
        await story.Desk.SettleAsync();
        if (!isBefore)
        {
            await story.ActAsync(OperationStory.Other, id, "approve");
        }

        OperationStory.Text(await story.GetAsync(id), "status").ShouldBe("SUCCESS");
    }

    [Fact]
    public async Task Started_anew_it_is_that_run_which_a_cancel_reaches()
    {
        var id = story.IdOf(await story.AskAsync("lab start thing db1"));
        await story.Desk.Client.TerminateAsync($"main:{id}", "as if lost", default);
        await story.Desk.Client.StartAsync($"main:{id}-r1", RunOperation.Function, new OperationInput("main", id), default);
        await story.Desk.SettleAsync();

        OperationStory.Text(await story.ActAsync(OperationStory.Asker, id, "cancel"), "reason").ShouldBe($"Cancelled by key of {OperationStory.Asker}.");

        (await story.RowAsync(id)).InstanceId.ShouldBe($"main:{id}-r1");
    }

    [Fact]
    public async Task Approved_early_and_then_stuck_it_is_given_up_without_waiting_for_the_deadline_of_the_approval()
    {
        var id = story.IdOf(await story.AskAsync("lab stop thing db1"));
        await story.Desk.AdvanceAsync(TimeSpan.FromMinutes(2));
        await story.Desk.Client.SuspendAsync($"main:{id}", "as if it hung", default);
        await story.ActAsync(OperationStory.Other, id, "approve");

        await story.Desk.AdvanceAsync((await story.RowAsync(id)).Patience + TimeSpan.FromMinutes(1));

        OperationStory.Text(await story.GetAsync(id), "reason").ShouldContain("It did not move on and was given up.");
    }

    [Fact]
    public void A_checkpoint_that_comes_late_or_twice_moves_nothing_back()
    {
        var now = story.App.Clock.GetUtcNow();
        var operation = new Operation("main", "a", "x", new Asker("1", "ann", Role.Operator, "ann"), now) { Steps = [new OperationStep("one", true)] };
        var done = NoteStep.After(NoteStep.After(operation, new NoteInput("main", "a", 0, null), now), new NoteInput("main", "a", 0, new StepResult(true, 0, "c", "out")), now);

        var late = NoteStep.After(done, new NoteInput("main", "a", 0, null), now.AddMinutes(1));

        late.Steps.ShouldBe(done.Steps);
        late.Output.ShouldBe("out");
    }

    /// <summary>Output that the verification does not take.</summary>
    static StepResult Never(Step step) => new(true, 0, "lab", step.Arguments["name"] == "db1" ? "state: stopping" : "ok");

    /// <summary>Something has the target and does not end.</summary>
    async Task<string> HoldAsync()
    {
        var id = story.IdOf(await story.AskAsync("lab stop thing db1"));
        await story.Desk.Client.SuspendAsync($"main:{id}", "as if it hung", default);
        await story.Desk.SettleAsync();
        (await story.App.Services.GetRequiredService<OperationStore>().TakeTargetAsync(await story.RowAsync(id), default)).ShouldBeNull();
        await story.App.Services.GetRequiredService<OperationStore>().ChangeAsync("main", id, row => row with { StuckAt = story.App.Clock.GetUtcNow() + row.Patience }, default);
        return id;
    }

    async Task<JsonElement> ApprovedAsync(string text) => await story.ActAsync(OperationStory.Other, story.IdOf(await story.AskAsync(text)), "approve");

    IEnumerable<string> Targets() => story.App.Tables.Rows(Tables.Operations).Where(row => row.RowKey.StartsWith("t~", StringComparison.Ordinal)).Select(row => row.Text("Operation")!);
}
