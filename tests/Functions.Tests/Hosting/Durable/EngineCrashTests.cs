using Watchdesk.Clients;
using Watchdesk.Hosting.Durable;
using Watchdesk.Hosting.Durable.Wire;
using Watchdesk.Hosting.Embedded.Orchestrations;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Hosting.Durable;

/// <summary>The process dies at every single table write of a story (every tenth at a tenth of the size), before it or after it; then what was not done comes again.</summary>
[Trait("Demand", "S3-9")]
[Trait("Size", "Large")]
public sealed class EngineCrashTests
{
    const string Id = "main:1";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_is_lost_and_nothing_recorded_runs_twice_wherever_it_dies(bool before)
    {
        var writes = await RunAsync(int.MaxValue, before);
        writes.ShouldBeGreaterThan(20);
        var stride = (int)Math.Max(1, 1 / TestScale.Factor);
        for (var point = 1 + Environment.TickCount % stride; point <= writes; point += stride)
        {
            await RunAsync(point, before);
        }
    }

    /// <summary>Returns how many writes the story took.</summary>
    static async Task<int> RunAsync(int dieAt, bool before)
    {
        await using var desk = await EngineDesk.StartAsync();
        var writes = 0;
        void Die(string table, IReadOnlyList<TableWrite> batch)
        {
            if (table == Tables.Durable && ++writes == dieAt)
            {
                throw new ProcessDies();
            }
        }

        (desk.App.Tables.BeforeWrite, desk.App.Tables.AfterWrite) = before ? ((Action<string, IReadOnlyList<TableWrite>>)Die, (Action<string, IReadOnlyList<TableWrite>>?)null) : (null, Die);
        await desk.App.Queues.SendAsync(DurableMessage.Queue, new DurableMessage(Id).ToBytes(), "kick", default);
        await StepAsync(desk, () => MailOf(desk).StartAsync(Id, nameof(SampleOrders.AskFirst), DurableJson.Start("""{"items":4,"minutes":60}""", 1), null, default));
        await DrainAsync(desk);
        await StepAsync(desk, () => MailOf(desk).BringAsync(Id, DurableKeys.Event("once"), new HistoryEvent { EventRaised = new EventRaised { Name = "Approved", Input = "\"Ada\"" } }, default));
        for (var round = 0; round < 5; round++)
        {
            await DrainAsync(desk);
            desk.App.Clock.Advance(TimeSpan.FromSeconds(40));
            await StepAsync(desk, desk.App.TickAsync);
        }

        await DrainAsync(desk);
        (await desk.InstanceAsync(Id)).Output.ShouldBe("\"4 for Ada\"", $"died {(before ? "before" : "after")} write {dieAt}");
        desk.Packed.Select(pack => pack.Context.IdempotencyKey).Distinct().Count().ShouldBe(4);
        desk.Packed.Count.ShouldBeLessThanOrEqualTo(7);
        return writes;
    }

    static DurableMail MailOf(EngineDesk desk) => (DurableMail)desk.App.Services.GetService(typeof(DurableMail))!;

    /// <summary>Whoever asked gets no answer and asks again.</summary>
    static async Task StepAsync(EngineDesk desk, Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (Exception)
        {
            desk.App.Clock.Advance(DurableEngine.Lease + TimeSpan.FromSeconds(1));
            await step();
        }
    }

    /// <summary>A work item whose process died comes again.</summary>
    static async Task DrainAsync(EngineDesk desk)
    {
        while (desk.App.Queues.Take(DurableMessage.Queue) is { } message)
        {
            try
            {
                await desk.HandleAsync(message);
            }
            catch (ProcessDies)
            {
                desk.App.Clock.Advance(DurableEngine.Lease + TimeSpan.FromSeconds(1));
                await desk.App.Queues.SendAsync(DurableMessage.Queue, message.Body, message.Id, default);
            }
        }
    }

    sealed class ProcessDies : Exception;
}
