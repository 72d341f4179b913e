using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Clients;
using Watchdesk.Hosting.Durable;
using Watchdesk.Hosting.Durable.Wire;
using Watchdesk.Hosting.Embedded;
using Watchdesk.Hosting.Embedded.Orchestrations;

namespace Watchdesk.Tests.Hosting.Durable;

[Trait("Demand", "S3-9")]
public sealed class EmbeddedEngineTests : IAsyncLifetime
{
    const string Id = "main:1";

    EngineDesk desk = null!;

    public async Task InitializeAsync() => desk = await EngineDesk.StartAsync();

    public async Task DisposeAsync() => await desk.DisposeAsync();

    [Fact]
    public async Task Approval_starts_the_child_whose_calls_are_tried_again_at_the_next_tick()
    {
        await desk.Client.StartAsync(Id, SampleOrders.AskFirst, new Approval(4, 60), default);
        await desk.SettleAsync();
        (await desk.InstanceAsync(Id)).CustomStatus.ShouldBe("\"waiting\"");

        await desk.Client.RaiseAsync(Id, SampleOrders.Approved, "Ada", default);
        await desk.SettleAsync();
        desk.Packed.Count.ShouldBe(4);
        await desk.AdvanceAsync(TimeSpan.FromSeconds(10));

        (await desk.InstanceAsync(Id)).Output.ShouldBe("\"4 for Ada\"");
        desk.Packed.Count.ShouldBe(6);
        desk.Packed.Select(pack => pack.Context.IdempotencyKey).Distinct().Count().ShouldBe(4);
    }

    [Fact]
    public async Task A_deadline_passes_by_the_due_index()
    {
        await desk.Client.StartAsync(Id, SampleOrders.AskFirst, new Approval(4, 60), default);
        await desk.SettleAsync();
        await desk.AdvanceAsync(TimeSpan.FromMinutes(59));
        (await desk.InstanceAsync(Id)).IsFinished.ShouldBeFalse();

        await desk.AdvanceAsync(TimeSpan.FromMinutes(2));

        (await desk.InstanceAsync(Id)).Output.ShouldBe("\"too late\"");
        desk.Packed.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_recorded_does_not_run_again()
    {
        await desk.Client.StartAsync(Id, SampleOrders.PackOrder, new Order(2), default);
        await desk.App.SettleAsync();
        var seen = new List<BrokerMessage>();
        while (desk.App.Queues.Take(DurableMessage.Queue) is { } message)
        {
            seen.Add(message);
            await desk.HandleAsync(message);
            seen.ForEach(again => desk.HandleAsync(again).GetAwaiter().GetResult());
        }

        desk.Packed.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Two_processes_never_run_one_instance_at_once()
    {
        await desk.Client.StartAsync(Id, SampleOrders.PackOrder, new Order(1), default);
        await desk.App.SettleAsync();
        var other = await desk.Store.LeaseAsync(await desk.InstanceAsync(Id), "other", desk.App.Clock.GetUtcNow() + DurableEngine.Lease, default);

        (await desk.Engine.HandleAsync(new DurableMessage(Id), default)).ShouldBeFalse();
        (await desk.InstanceAsync(Id)).ETag.ShouldBe(other!.ETag);

        desk.App.Clock.Advance(DurableEngine.Lease + TimeSpan.FromSeconds(1));
        (await desk.Engine.HandleAsync(new DurableMessage(Id), default)).ShouldBeTrue();
        (await desk.InstanceAsync(Id)).Turns.ShouldBe(1);
    }

    [Fact]
    public async Task Suspended_it_keeps_what_comes_and_terminated_it_ends()
    {
        await desk.Client.StartAsync(Id, SampleOrders.AskFirst, new Approval(1, 60), default);
        await desk.Client.SuspendAsync(Id, "stop for now", default);
        await desk.Client.RaiseAsync(Id, SampleOrders.Approved, "Ada", default);
        await desk.SettleAsync();
        (await desk.InstanceAsync(Id)).Status.ShouldBe(OrchestrationStatus.Suspended);

        await desk.Client.ResumeAsync(Id, "go on", default);
        await desk.SettleAsync();
        (await desk.InstanceAsync(Id)).Status.ShouldBe(OrchestrationStatus.Running);
        desk.Packed.Count.ShouldBe(1);

        await desk.Client.TerminateAsync(Id, "enough", default);
        await desk.AdvanceAsync(TimeSpan.FromMinutes(2));
        (await desk.InstanceAsync(Id)).Status.ShouldBe(OrchestrationStatus.Terminated);
        (await desk.InstanceAsync(Id)).Output.ShouldBe("\"enough\"");
    }

    [Fact]
    public async Task A_bad_answer_is_the_end_and_the_supervisor_starts_anew_three_times()
    {
        var nobody = new Orchestration<int, int>("Nobody", SampleJson.Default.Int32, SampleJson.Default.Int32);
        await desk.Client.StartAsync(Id, nobody, 7, default);
        await desk.SettleAsync();
        (await desk.InstanceAsync(Id)).Output!.ShouldContain("failed with an unhandled exception");

        for (var look = 0; look < 6; look++)
        {
            await desk.AdvanceAsync(TimeSpan.FromMinutes(11));
        }

        (await desk.InstanceAsync(Id + "-r3")).Status.ShouldBe(OrchestrationStatus.Failed);
        (await desk.Store.FindAsync(Id + "-r4", default)).ShouldBeNull();
    }

    [Fact]
    public async Task What_ended_long_ago_is_forgotten()
    {
        await desk.Client.StartAsync(Id, SampleOrders.PackOrder, new Order(1), default);
        await desk.SettleAsync();
        await desk.AdvanceAsync(TimeSpan.FromMinutes(11));
        (await desk.InstanceAsync(Id)).Status.ShouldBe(OrchestrationStatus.Completed);

        await desk.AdvanceAsync(TimeSpan.FromDays(31));

        desk.App.Tables.Rows(Tables.Durable).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_id_that_runs_or_ran_is_not_started_again()
    {
        for (var times = 0; times < 3; times++)
        {
            await desk.Client.StartAsync(Id, SampleOrders.PackOrder, new Order(1), default);
            await desk.AdvanceAsync(TimeSpan.FromSeconds(10));
        }

        desk.Packed.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_late_completion_of_an_earlier_generation_is_dropped()
    {
        await desk.Client.StartAsync(Id, SampleOrders.AskFirst, new Approval(1, 60), default);
        await desk.SettleAsync();
        await desk.Store.ArriveAsync(Id, new Arrival(DurableKeys.Task("earlier", 0), desk.App.Clock.GetUtcNow(), DurableMail.Fired(0, desk.App.Clock.GetUtcNow())), default);

        (await desk.Engine.HandleAsync(new DurableMessage(Id), default)).ShouldBeTrue();

        (await desk.InstanceAsync(Id)).IsFinished.ShouldBeFalse();
        (await desk.Store.ContainsAsync(Id, DurableKeys.Task("earlier", 0), default)).ShouldBeFalse();
    }

    [Fact]
    public async Task One_turn_takes_all_events_that_wait()
    {
        await desk.Client.StartAsync(Id, SampleOrders.HearApprovals, 20, default);
        await desk.SettleAsync();
        desk.App.Tables.ResetCounts();
        for (var n = 0; n < 20; n++)
        {
            await ApproveAsync($"{n}", "\"Ada\"");
        }

        await desk.SettleAsync();

        // A row for each event, the lease and the turn; one look for each message.
        (desk.App.Tables.CountsOf(Tables.Durable).Writes, desk.App.Tables.CountsOf(Tables.Durable).Reads).ShouldBe((22, 20));
        (await desk.InstanceAsync(Id)).Output.ShouldBe("20");
        (await desk.InstanceAsync(Id)).Turns.ShouldBe(2);
    }

    [Fact]
    public async Task What_arrives_while_a_turn_runs_is_taken_by_its_own_message()
    {
        await desk.Client.StartAsync(Id, SampleOrders.HearApprovals, 2, default);
        await desk.SettleAsync();
        await ApproveAsync("first", "\"Ada\"");
        desk.App.Tables.BeforeWrite = (_, _) =>
        {
            desk.App.Tables.BeforeWrite = null;
            ApproveAsync("second", "\"Bob\"").GetAwaiter().GetResult();
        };
        await desk.HandleAsync(desk.App.Queues.Take(DurableMessage.Queue)!);
        (await desk.InstanceAsync(Id)).IsFinished.ShouldBeFalse();

        await desk.SettleAsync();

        (await desk.InstanceAsync(Id)).Output.ShouldBe("2");
    }

    [Fact]
    public async Task A_child_starts_once_and_only_for_its_parent()
    {
        (await StartAsync(1)).ShouldBeTrue();
        var first = (await desk.InstanceAsync(Id)).ExecutionId;
        (await StartAsync(1)).ShouldBeTrue();
        (await StartAsync(2)).ShouldBeFalse();
        (await StartAsync(null)).ShouldBeFalse();
        await desk.SettleAsync();
        await desk.AdvanceAsync(TimeSpan.FromSeconds(10));
        (await StartAsync(1)).ShouldBeTrue();
        (await desk.InstanceAsync(Id)).Status.ShouldBe(OrchestrationStatus.Completed);
        (await desk.InstanceAsync(Id)).ExecutionId.ShouldBe(first);

        (await StartAsync(2)).ShouldBeTrue();

        (await desk.InstanceAsync(Id)).ExecutionId.ShouldNotBe(first);

        Task<bool> StartAsync(int? task) => desk.App.Services.GetRequiredService<DurableMail>().StartAsync(
            Id, nameof(SampleOrders.PackOrder), DurableJson.Start("""{"items":1}""", 2),
            task is { } number ? new ParentInstance { TaskScheduledId = number, OrchestrationInstance = new OrchestrationInstance { InstanceId = "main:parent", ExecutionId = "e" } } : null, default);
    }

    [Fact]
    public async Task Unkind_deliveries_change_nothing()
    {
        var turn = 0;
        await using var unkind = await EngineDesk.StartAsync(new Chaos(() => ++turn % 2 == 0, TimeSpan.Zero));
        await unkind.Client.StartAsync(Id, SampleOrders.PackOrder, new Order(6), default);
        await unkind.SettleAsync();
        await unkind.AdvanceAsync(TimeSpan.FromSeconds(10));

        JsonElement.Parse((await unkind.InstanceAsync(Id)).Output!).EnumerateArray().Select(parcel => parcel.GetProperty("item").GetInt32()).ShouldBe([0, 1, 2, 3, 4, 5]);
        unkind.Packed.Count.ShouldBe(8);
    }

    [Fact]
    public async Task Large_inputs_and_results_travel_in_rows()
    {
        var echo = new string('x', 100_000);
        await desk.Client.StartAsync(Id, SampleOrders.AskFirst, new Approval(1, 60), default);
        await desk.SettleAsync();
        await ApproveAsync("e", $"\"{echo}\"");
        await desk.AdvanceAsync(TimeSpan.FromSeconds(10));
        await desk.AdvanceAsync(TimeSpan.FromSeconds(10));

        (await desk.InstanceAsync(Id)).Output.ShouldBe($"\"1 for {echo}\"");
    }

    [Theory]
    [InlineData("GET",    "/instances/main:9",                     true,  HttpStatusCode.NotFound)]
    [InlineData("GET",    "/instances/main:9",                     false, HttpStatusCode.Unauthorized)]
    [InlineData("POST",   "/orchestrators/PackOrder/main:9",       false, HttpStatusCode.Unauthorized)]
    [InlineData("POST",   "/orchestrators/Unknown/main:9",         true,  HttpStatusCode.BadRequest)]
    [InlineData("POST",   "/orchestrators/PackOrder/a%20b",        true,  HttpStatusCode.BadRequest)]
    [InlineData("POST",   "/instances/main:9/raiseEvent/Approved", true,  HttpStatusCode.NotFound)]
    [InlineData("POST",   "/instances/main:9/terminate",           true,  HttpStatusCode.NotFound)]
    [InlineData("POST",   "/instances/main:9/rewind",              true,  HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/instances/main:9",                     true,  HttpStatusCode.NotFound)]
    public async Task The_address_answers_as_the_extension(string method, string path, bool hasKey, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), DurableManagement.Path + path + (hasKey ? "?code=" + desk.App.Services.GetRequiredService<DurableManagement>().Key : ""))
        {
            Content = method == "POST" ? new StringContent("{}", Encoding.UTF8, "application/json") : null,
        };

        (await desk.App.Anonymous().SendAsync(request)).StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task To_start_a_running_id_is_an_error_and_to_tell_an_ended_one_is_gone()
    {
        var client = desk.App.Anonymous();
        client.DefaultRequestHeaders.Add("x-functions-key", desk.App.Services.GetRequiredService<DurableManagement>().Key);
        (await PostAsync("/orchestrators/PackOrder/main:1", """{"items":1}""")).ShouldBe(HttpStatusCode.Accepted);
        (await PostAsync("/orchestrators/PackOrder/main:1", """{"items":1}""")).ShouldBe(HttpStatusCode.InternalServerError);
        await desk.SettleAsync();
        await desk.AdvanceAsync(TimeSpan.FromSeconds(10));
        (await PostAsync("/instances/main:1/terminate", "")).ShouldBe(HttpStatusCode.Gone);

        var status = JsonElement.Parse(await client.GetStringAsync(DurableManagement.Path + "/instances/main:1"));

        status.GetProperty("runtimeStatus").GetString().ShouldBe("Completed");
        status.GetProperty("input").GetRawText().ShouldBe("""{"items":1}""");
        status.GetProperty("output").GetArrayLength().ShouldBe(1);

        async Task<HttpStatusCode> PostAsync(string path, string body) => (await client.PostAsync(DurableManagement.Path + path, new StringContent(body, Encoding.UTF8, "application/json"))).StatusCode;
    }

    Task ApproveAsync(string key, string input) => desk.App.Services.GetRequiredService<DurableMail>().BringAsync(
        Id, DurableKeys.Event(key), new HistoryEvent { EventRaised = new EventRaised { Name = "Approved", Input = input } }, default);
}
