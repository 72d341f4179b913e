using Watchdesk.Incidents;
using Watchdesk.Tenants;

namespace Watchdesk.Tests.Incidents;

/// <summary>
/// The process dies at every write there is, before it and after it, and the same is told again: what is stored and sent
/// in the end is what it would have been without.
/// </summary>
public sealed class CrashTests
{
    static readonly Caller Ann = new(IncidentBench.Tenant, "a1", "ann", Role.Responder, Scopes.All);

    static readonly Dictionary<string, Step[]> Stories = new(StringComparer.Ordinal)
    {
        ["opens"] = [Tell(A.Bad("a"))],
        ["opens and resolves"] = [Tell(A.Bad("a")), Tell(A.Good("a"))],
        ["worsens"] = [Tell(A.Bad("a", 1, Severity.Warning)), Tell(A.Bad("a", 2))],
        ["three at once"] = [Tell(A.Bad("a"), A.Bad("b"), A.Bad("c", 1, Severity.Warning)), Tell(A.Good("b"))],
        ["a storm"] = [Tell([.. Many(150)])],
        ["a storm that ends"] = [Tell([.. Many(150)]), Tell([.. Many(150).Select(signal => signal with { Turn = 2, Severity = null })])],
        ["a storm among others"] = [Tell(A.Bad("j-7", 1, Severity.Warning)), Tell([.. Many(60, turn: 2), A.Good("other", 5)])],
        ["nobody has it"] = [Tell(A.Bad("a")), async bench => await RemindAsync(bench), async bench => await RemindAsync(bench)],
        ["a person resolves"] = [Tell(A.Bad("a")), async bench => await bench.Actions.ResolveAsync(Ann, (await bench.OnlyAsync()).Id, "Done.", null, bench.Now, default)],
    };

    public static TheoryData<string> Names => [.. Stories.Keys];

    delegate Task Step(IncidentBench bench);

    [Theory]
    [Trait("Size", "Large")]
    [Trait("Demand", "S0-1")]
    [MemberData(nameof(Names))]
    public async Task Dying_at_any_write_changes_nothing_in_the_end(string name)
    {
        var story = Stories[name];
        var (expected, writes) = await RunAsync(story, dieAt: 0, afterIt: false);
        writes.ShouldBeGreaterThanOrEqualTo(5);

        for (var dieAt = 1; dieAt <= writes; dieAt++)
        {
            foreach (var afterIt in new[] { false, true })
            {
                var (found, _) = await RunAsync(story, dieAt, afterIt);
                (found == expected).ShouldBeTrue($"{name}: died {(afterIt ? "after" : "before")} write {dieAt} of {writes}:\n{found}\ninstead of\n{expected}");
            }
        }
    }

    [Fact]
    public async Task When_it_turned_good_before_it_was_told_again_people_hear_both_or_nothing()
    {
        var (_, writes) = await RunAsync(Stories["opens"], 0, false);
        for (var dieAt = 1; dieAt <= writes; dieAt++)
        {
            foreach (var afterIt in new[] { false, true })
            {
                var bench = await BenchAsync();
                var died = await DieAsync(bench, Stories["opens"][0], dieAt, afterIt);
                died.ShouldBeTrue();
                bench = Revive(bench);
                await bench.TellAsync(A.Good("a", 2));
                await FinishAsync(bench);

                (await bench.OpenAsync()).ShouldBeEmpty();
                var told = bench.Sent.Messages.Select(message => message.Notice.Kind.ToString()).ToList();
                var expected = (await bench.ClosedAsync()).Count == 0 ? "" : "Opened Opened Resolved Resolved";
                string.Join(' ', told.Order(StringComparer.Ordinal)).ShouldBe(expected, customMessage: $"died {(afterIt ? "after" : "before")} write {dieAt}");
            }
        }
    }

    [Fact]
    public async Task A_lost_message_costs_one_tick_and_no_notice()
    {
        var bench = await BenchAsync();
        bench.Queues.BeforeSend = () => throw new Watchdesk.Clients.RemoteCallException("Queues", "PUT", 503, null, isTransient: true);
        await bench.TellAsync(A.Bad("a"));
        bench.Queues.BeforeSend = null;

        await bench.TickAsync(TimeSpan.FromSeconds(10));
        await bench.SendAsync();

        bench.Sent.Messages.Count.ShouldBe(2);
    }

    static async Task<(string State, int Writes)> RunAsync(Step[] story, int dieAt, bool afterIt)
    {
        var bench = await BenchAsync();
        var left = dieAt;
        var writes = 0;
        foreach (var step in story)
        {
            var count = 0;
            bench.Tables.BeforeWrite = (_, _) => count++;
            var died = left > 0 ? await DieAsync(bench, step, left, afterIt, () => count++) : await Alive(bench, step);
            left -= count;
            writes += count;
            if (died)
            {
                left = 0;
                bench = Revive(bench);
                await step(bench);
            }

            bench.Clock.Advance(TimeSpan.FromSeconds(80));
        }

        await FinishAsync(bench);
        return (await StateAsync(bench), writes);
    }

    static async Task<bool> Alive(IncidentBench bench, Step step)
    {
        await step(bench);
        return false;
    }

    /// <summary>Runs a step in a process that dies at a write; what is dead writes nothing any more.</summary>
    static async Task<bool> DieAsync(IncidentBench bench, Step step, int dieAt, bool afterIt, Action? count = null)
    {
        var left = dieAt;
        bench.Tables.BeforeWrite = (_, _) =>
        {
            count?.Invoke();
            if (left <= 0 || (--left == 0 && !afterIt))
            {
                throw new DeadException();
            }
        };
        bench.Tables.AfterWrite = (_, _) =>
        {
            if (left == 0)
            {
                throw new DeadException();
            }
        };
        try
        {
            await step(bench);
            return false;
        }
        catch (DeadException)
        {
            return true;
        }
        finally
        {
            bench.Tables.BeforeWrite = null;
            bench.Tables.AfterWrite = null;
        }
    }

    /// <summary>A new process on the same tables and queue; the clock goes on.</summary>
    static IncidentBench Revive(IncidentBench dead)
    {
        var bench = new IncidentBench(dead.Tables, dead.Queues, dead.Sent);
        bench.Clock.Advance(dead.Now - bench.Now + TimeSpan.FromSeconds(2));
        return bench;
    }

    static async Task<IncidentBench> BenchAsync()
    {
        var bench = new IncidentBench();
        await bench.AddChannelAsync("ops");
        await bench.AddChannelAsync("boss", Watchdesk.Notices.Level.Critical);
        return bench;
    }

    static async Task FinishAsync(IncidentBench bench)
    {
        await bench.SendAsync();
        for (var i = 0; i < 3; i++)
        {
            await bench.TickAsync(TimeSpan.FromMinutes(2));
            await bench.SendAsync();
        }
    }

    /// <summary>All that people can see, and what must hold between the rows.</summary>
    static async Task<string> StateAsync(IncidentBench bench)
    {
        bench.Rows("incidents", "n~").ShouldBeEmpty();
        bench.Tables.Rows("due").ShouldAllBe(row => row.RowKey.Contains("~retention~") || row.RowKey.Contains("~remind~"));
        var incidents = (await bench.OpenAsync()).Concat(await bench.ClosedAsync()).ToList();
        bench.Rows("incidents", "i~").Count.ShouldBe(incidents.Count);
        var lines = new List<string>();
        foreach (var listed in incidents)
        {
            var incident = (await bench.Store.GetAsync(IncidentBench.Tenant, listed.Id, default))!;
            var members = bench.Rows("incidents", "s~").Count(row => row.Text("Incident") == incident.Id && row.Number("Severity") >= 0);
            if (incident.IsOpen || incident.ResolvedBy.Length == 0)
            {
                members.ShouldBe(incident.Causes.Total);
            }

            var story = string.Join('|', (await bench.StoryAsync(incident.Id)).Select(line => $"{line.Kind}: {line.Text}").Order(StringComparer.Ordinal));
            var told = string.Join('|', bench.Sent.Messages.Where(message => message.Notice.Incident == incident.Id).Select(message => $"{message.Notice.Kind} {message.Notice.Name} {message.Notice.Told!.Count} {message.Notice.Lines?.Count}").Order(StringComparer.Ordinal));
            var hosts = string.Join('|', HostGroup.Lines(incident.Hosts).Select(line => line.Split('(')[0]));
            lines.Add($"{incident.Name} {incident.IsOpen} {incident.Severity} {incident.Causes} {incident.Subjects} {hosts}\n{story}\n{told}");
        }

        (await bench.DeliveriesAsync()).ShouldAllBe(delivery => delivery.State == Watchdesk.Notices.DeliveryState.Sent);
        bench.Sent.Messages.Select(message => message.Key).ShouldBeUnique();
        return string.Join("\n", lines.Order(StringComparer.Ordinal));
    }

    /// <summary>As the tick does when the row of the reminder has come due.</summary>
    static async Task RemindAsync(IncidentBench bench)
    {
        await bench.RemindEveryAsync(Reminder.Shortest);
        bench.Clock.Advance(TimeSpan.FromHours(2));
        var rows = bench.DueRows().Where(row => row.Item.Kind == Reminders.DueKind).ToList();
        (await bench.Handlers.Single(handler => handler.Kind == Reminders.DueKind).HandleAsync(rows, new Watchdesk.Schedules.TickContext(bench.Now), default)).ShouldBeEmpty();
    }

    static Step Tell(params Signal[] signals) => bench => bench.TellAsync(signals);

    static IEnumerable<Signal> Many(int count, long turn = 1) => Enumerable.Range(0, count).Select(i => A.Bad($"j-{i}", turn, host: $"web-{i % 3}"));

    sealed class DeadException : Exception;
}
