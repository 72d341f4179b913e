using Watchdesk.Incidents;
using Watchdesk.Notices;
using Watchdesk.Tests.Notices;
using static Watchdesk.Tests.Incidents.IncidentBench;

namespace Watchdesk.Tests.Incidents;

public sealed class StormTests
{
    readonly IncidentBench bench = new();

    [Theory]
    [InlineData(20, false, 20)]
    [InlineData(21, false, 1)]
    [InlineData(2,  true,  1)]
    [InlineData(1,  true,  1)]
    public async Task Many_at_once_make_one_incident(int subjects, bool isCatchUp, int incidents)
    {
        await bench.Desk.TellAsync(Tenant, Many(subjects), bench.Now, isCatchUp, default);

        (await bench.OpenAsync()).Count.ShouldBe(incidents);
        bench.Rows("incidents", "s~").Count(row => row.Text("Subject")!.StartsWith("job:")).ShouldBe(subjects);
    }

    [Fact]
    public async Task It_is_told_once_with_the_list_by_host_and_resolves_when_all_are_good()
    {
        await bench.AddChannelAsync();
        await bench.TellAsync(Many(300));
        await bench.SendAsync();

        var notice = bench.Sent.Messages.ShouldHaveSingleItem().Notice;
        notice.Name.ShouldBe("300 jobs");
        notice.Lines!.ShouldContain(line => line.StartsWith("web-1: "));

        await bench.TellAsync(Recovered(0, 299));
        var storm = await bench.OnlyAsync();
        (storm.Causes.Total, storm.Subjects, storm.IsOpen).ShouldBe((1, 300, true));
        (storm.Hosts.Sum(host => host.Count)).ShouldBe(300);

        await bench.TellAsync(Recovered(299, 1));
        await bench.SendAsync();
        (await bench.OnlyAsync()).IsOpen.ShouldBeFalse();
        bench.Sent.Messages.Count.ShouldBe(2);
        (await bench.StoryAsync(storm.Id)).Where(line => line.Kind is "joined" or "recovered" or "resolved").Select(line => line.Text[..17])
            .ShouldBe(["All 300 jobs are ", "1 job good again.", "299 jobs good aga", "300 jobs joined. "]);
    }

    [Fact]
    [Trait("Size", "Large")]
    public async Task Ten_thousand_cost_one_incident_and_two_rows_each_in_full_transactions()
    {
        await bench.AddChannelAsync();
        bench.Tables.ResetCounts();

        await bench.TellAsync(Many(10_000));

        (await bench.OpenAsync()).ShouldHaveSingleItem().Causes.Total.ShouldBe(10_000);
        var counts = bench.Tables.CountsOf("incidents");
        counts.Writes.ShouldBeLessThan(225);
        counts.Reads.ShouldBeLessThan(5);

        bench.Tables.ResetCounts();
        await bench.TellAsync(Recovered(0, 10_000));
        (await bench.OpenAsync()).ShouldBeEmpty();
        bench.Tables.CountsOf("incidents").Writes.ShouldBeLessThan(225);
        bench.Tables.CountsOf("incidents").Reads.ShouldBeLessThan(16);
    }

    [Fact]
    public async Task One_tick_in_several_calls_is_one_storm()
    {
        await bench.TellAsync([.. Many(1015).Take(1000)]);
        await bench.TellAsync([.. Many(1015).Skip(1000)]);

        var storm = (await bench.OpenAsync()).ShouldHaveSingleItem();
        storm.Name.ShouldBe("1,015 jobs");
        storm.Subjects.ShouldBe(1015);
    }

    [Fact]
    public async Task What_turns_later_is_not_swallowed_by_a_storm_that_is_still_open()
    {
        await bench.TellAsync(Many(30));
        bench.Clock.Advance(StormRule.Window + TimeSpan.FromSeconds(1));
        await bench.TellAsync(A.Bad("payments"));

        (await bench.OpenAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_few_that_join_do_not_make_it_last()
    {
        await bench.TellAsync(Many(30));
        for (var i = 0; i < 4; i++)
        {
            bench.Clock.Advance(TimeSpan.FromSeconds(50));
            await bench.TellAsync(A.Bad($"late-{i}"));
        }

        var open = await bench.OpenAsync();
        open.Single(incident => incident.IsStorm).Subjects.ShouldBe(32);
        open.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(3, 21)]
    [InlineData(7, 50)]
    public async Task Those_that_turn_one_after_another_become_a_storm_when_they_are_too_many(int secondsBetween, int incidents)
    {
        foreach (var signal in Many(50))
        {
            await bench.TellAsync(signal);
            bench.Clock.Advance(TimeSpan.FromSeconds(secondsBetween));
        }

        var open = await bench.OpenAsync();
        open.Count.ShouldBe(incidents);
        open.Where(incident => incident.IsStorm).Select(incident => incident.Name).ShouldBe(incidents == 21 ? ["30 jobs"] : []);
    }

    [Fact]
    public async Task Who_has_an_incident_already_keeps_it()
    {
        await bench.TellAsync(A.Bad("j-5", 1, Severity.Warning));
        bench.Clock.Advance(TimeSpan.FromMinutes(1));
        await bench.TellAsync([.. Many(40, turn: 2)]);

        var open = await bench.OpenAsync();
        open.Single(incident => incident.IsStorm).Subjects.ShouldBe(39);
        open.Single(incident => !incident.IsStorm).Severity.ShouldBe(Severity.Critical);
    }

    [Fact]
    public async Task Two_calls_at_once_make_one_storm()
    {
        var signals = Many(60);
        var other = new IncidentBench(bench.Tables);
        var wasMet = false;
        bench.Tables.BeforeWrite = (table, _) =>
        {
            if (table == "incidents" && !wasMet)
            {
                wasMet = true;
                other.TellAsync([.. signals.Skip(30)]).GetAwaiter().GetResult();
            }
        };

        await bench.TellAsync([.. signals.Take(30)]);

        (await bench.OpenAsync()).ShouldHaveSingleItem().Subjects.ShouldBe(60);
    }

    [Fact]
    public async Task Its_severity_is_that_of_the_worst_that_is_left()
    {
        await bench.TellAsync([.. Many(25, severity: Severity.Warning), A.Bad("payments")]);
        (await bench.OnlyAsync()).Severity.ShouldBe(Severity.Critical);

        await bench.TellAsync(A.Good("payments"));
        (await bench.OnlyAsync()).Severity.ShouldBe(Severity.Warning);
    }

    [Fact]
    public async Task It_reaches_the_actions_of_every_rule_in_it_each_destination_once()
    {
        await bench.AddChannelAsync();
        for (var i = 0; i < 150; i++)
        {
            await bench.Channels.PutAsync(new Channel(Tenant, $"rule.r-{i}.0", NotePad.KindName, $"r-{i}", Level.Info, true, $"{{\"url\":{i % 120}}}"), default);
        }

        await bench.TellAsync([.. Rules(0, 130)]);
        (await bench.DeliveriesAsync()).Count.ShouldBe(121);

        bench.Clock.Advance(TimeSpan.FromSeconds(10));
        await bench.TellAsync([.. Rules(130, 5), A.Bad("payments")]);
        (await bench.DeliveriesAsync()).Count.ShouldBe(121, "their destinations know of it already");

        await bench.Channels.PutAsync(new Channel(Tenant, "rule.r-140.1", NotePad.KindName, "late", Level.Info, true, "{\"url\":\"late\"}"), default);
        await bench.TellAsync([.. Rules(140, 2)]);
        (await bench.DeliveriesAsync()).Count.ShouldBe(122);

        bench.Clock.Advance(TimeSpan.FromSeconds(10));
        await bench.TellAsync([.. Rules(0, 142).Select(signal => signal with { Turn = 2, Severity = null }), A.Good("payments")]);
        (await bench.OpenAsync()).ShouldBeEmpty();
        (await bench.Lists.ListAsync(Tenant, isOpen: false, 10, null, default)).Items.ShouldHaveSingleItem();
        bench.Rows("notices").Count(row => row.RowKey.Contains("~rule.")).ShouldBe(120 + 1 + 121, "all who were told hear that it is over");
    }

    static IEnumerable<Signal> Rules(int from, int count) => Enumerable.Range(from, count).Select(i => A.Bad($"r-{i}") with { Subject = $"rule:r-{i}" });

    static Signal[] Many(int count, long turn = 1, Severity severity = Severity.Critical) =>
        [.. Enumerable.Range(0, count).Select(i => A.Bad($"j-{i}", turn, severity, $"web-{i % 10}"))];

    static Signal[] Recovered(int from, int count) => [.. Enumerable.Range(from, count).Select(i => A.Good($"j-{i}"))];
}
