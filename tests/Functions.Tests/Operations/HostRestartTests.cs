using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Operations.Providers;
using Watchdesk.Operations.Runners;
using Watchdesk.Tenants;

namespace Watchdesk.Tests.Operations;

/// <summary>A job host, played: it is drained, restarted, and then sends its first heartbeat.</summary>
[Trait("Demand", "S0-9")]
public sealed class HostRestartTests : IAsyncLifetime
{
    OperationStory story = null!;

    public async Task InitializeAsync()
    {
        story = await OperationStory.BeginAsync();
        story.Answer = step => new StepResult(true, 200, $"POST {step.Intent}", "");
        await BeatAsync("scheduler-1", "before");
    }

    public async Task DisposeAsync() => await story.DisposeAsync();

    [Theory]
    [InlineData("restart the scheduler on scheduler-1", true,  "drain, restart by webhook")]
    [InlineData("restart the scheduler",                false, "restart by webhook")]
    [InlineData("restart the scheduler by azure",       true,  "drain, restart by resource manager")]
    [InlineData("restart the scheduler by command",     false, "restart by command")]
    public async Task It_is_drained_restarted_and_done_at_its_first_heartbeat(string text, bool hasDrain, string steps)
    {
        await EnterAsync(hasDrain);
        var id = await ApprovedAsync(text);
        story.Ran.Select(step => step.Intent).ShouldBe(steps.Split(", "));
        story.Ran.Select(step => step.IdempotencyKey).Distinct().Count().ShouldBe(story.Ran.Count);
        (await StageAsync(id)).ShouldBe("running");

        story.App.Clock.Advance(TimeSpan.FromSeconds(5));
        await BeatAsync("scheduler-1", "after");
        await story.Desk.AdvanceAsync(TimeSpan.FromSeconds(20));

        var done = await story.GetAsync(id);
        OperationStory.Text(done, "status").ShouldBe("SUCCESS");
        OperationStory.Text(done, "resp").ShouldContain("The job nightly was run on scheduler-1 at 2026-11-20 08:00 UTC.");
    }

    [Fact]
    public async Task Another_host_does_not_count_and_without_a_heartbeat_it_has_failed()
    {
        await EnterAsync(hasDrain: true);
        var id = await ApprovedAsync("restart the scheduler on scheduler-1");
        await BeatAsync("scheduler-2", "other");
        for (var n = 0; n < 11; n++)
        {
            await story.Desk.AdvanceAsync(TimeSpan.FromMinutes(1));
        }

        OperationStory.Text(await story.GetAsync(id), "reason").ShouldContain("No heartbeat has come within 00:10:00.");
    }

    [Theory]
    [InlineData("restart the scheduler on scheduler-2",          "running", "scheduler/host/scheduler-2")]
    [InlineData("restart the scheduler on scheduler-1",          "target",  "scheduler/host/scheduler-1")]
    [InlineData("drain the scheduler on scheduler-1",            "target",  "scheduler/host/scheduler-1")]
    [InlineData("restart the scheduler on scheduler-2 by azure", "running", "scheduler/app")]
    public async Task Only_what_changes_the_same_waits(string second, string stage, string target)
    {
        await EnterAsync(hasDrain: true);
        var before = await ApprovedAsync("restart the scheduler on scheduler-1");

        var id = await ApprovedAsync(second);

        (await StageAsync(before)).ShouldBe("running");
        (await StageAsync(id)).ShouldBe(stage);
        OperationStory.Text(await story.GetAsync(id), "target").ShouldBe(target);
    }

    [Fact]
    public async Task A_host_that_cannot_be_drained_is_not_restarted()
    {
        await EnterAsync(hasDrain: true);
        story.Answer = step => new StepResult(step.Intent != "drain", 500, "POST drain", "", "The host answered 500.");

        var id = await ApprovedAsync("restart the scheduler");

        OperationStory.Text(await story.GetAsync(id), "reason").ShouldContain("The host answered 500.");
        story.Ran.ShouldHaveSingleItem().Intent.ShouldBe("drain");
    }

    async Task EnterAsync(bool hasDrain) => await story.App.Services.GetRequiredService<ProviderVault>().PutAsync(
        Tenant.Main, ProviderTable.BuiltIn.Find("scheduler")!, new Dictionary<string, string?> { ["restartUrl"] = "https://host.example.org/restart", ["drainUrl"] = hasDrain ? "https://host.example.org/drain" : null }, default);

    async Task<string> ApprovedAsync(string text)
    {
        var id = story.IdOf(await story.AskAsync(text));
        await story.ActAsync(OperationStory.Other, id, "approve");
        return id;
    }

    async Task<string> StageAsync(string id) => OperationStory.Text(await story.GetAsync(id), "stage");

    async Task BeatAsync(string host, string run)
    {
        var body = JsonSerializer.Serialize(new[] { new { job = "nightly", runId = run, kind = "start", at = story.App.Clock.GetUtcNow(), host } });
        await OperationStory.SendAsync(await story.AsAsync("host", Role.Operator), "POST", "/api/v1/heartbeats", body, System.Net.HttpStatusCode.Accepted);
        await story.App.SettleAsync();
    }
}
