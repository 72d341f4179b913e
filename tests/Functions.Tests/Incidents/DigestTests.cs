using Watchdesk.Incidents;
using Watchdesk.Notices;
using Watchdesk.Schedules;
using Watchdesk.Tenants;

namespace Watchdesk.Tests.Incidents;

public sealed class DigestTests
{
    static readonly Caller Ann = new(IncidentBench.Tenant, "a1", "ann@example.org", Role.Responder, Scopes.All);
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    readonly IncidentBench bench = new();

    [Fact]
    public async Task It_says_every_day_what_is_open_and_who_has_it()
    {
        await OpenAsync(A.Bad("a"), A.Bad("b", 1, Severity.Warning));
        var first = (await bench.OpenAsync()).First(incident => incident.Name == "a");
        await bench.Actions.AcknowledgeAsync(Ann, first.Id, null, null, bench.Now, default);

        await bench.PassAsync(new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero) - Tick - bench.Now);
        Digests.ShouldBeEmpty();
        await bench.PassAsync(Tick);

        var notice = Digests.ShouldHaveSingleItem();
        NoticeText.Subject(notice).ShouldBe("ATTENTION 2 incidents are open: daily digest: 1 critical, 1 warning, nobody has 1 of them");
        notice.Lines.ShouldBe(
        [
            "critical a, open for 5 h, ann@example.org has it: No success for 25 min; expected by 02:30.",
            "warning b, open for 5 h, nobody has it: No success for 25 min; expected by 02:30.",
        ]);
        bench.Sent.Messages[^1].Thread.ShouldBe($"digest.{bench.Sent.Messages[^1].Key.Split('.')[0]}");
    }

    [Fact]
    public async Task It_comes_once_a_day_whatever_comes_in_between()
    {
        await OpenAsync(A.Bad("a"));

        await bench.PassAsync(TimeSpan.FromHours(5));
        await bench.PassAsync(TimeSpan.FromMinutes(1));
        await bench.PassAsync(TimeSpan.FromHours(23));
        Digests.Count.ShouldBe(1);
        await bench.PassAsync(TimeSpan.FromHours(1) - TimeSpan.FromMinutes(1));

        Digests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task When_nothing_is_open_that_the_channel_wants_nothing_is_sent()
    {
        await OpenAsync(A.Bad("a", 1, Severity.Info));

        await bench.PassAsync(TimeSpan.FromHours(5));
        Digests.ShouldBeEmpty();

        await bench.TellAsync(A.Bad("b"));
        await bench.PassAsync(TimeSpan.FromDays(1));
        Digests.ShouldHaveSingleItem().Lines!.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_absence_of_days_makes_one()
    {
        await OpenAsync(A.Bad("a"));

        await bench.PassAsync(TimeSpan.FromDays(6));
        await bench.PassAsync(TimeSpan.FromMinutes(1));
        Digests.Count.ShouldBe(1);

        await bench.PassAsync(TimeSpan.FromHours(5) - TimeSpan.FromMinutes(1));
        Digests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Two_instances_that_see_the_same_row_send_one()
    {
        await OpenAsync(A.Bad("a"));
        bench.Clock.Advance(TimeSpan.FromHours(5));
        var rows = bench.DueRows().Where(row => row.Item.Kind == ChannelDigests.DueKind).ToList();
        var channel = (await bench.Channels.ListAsync(IncidentBench.Tenant, default)).Single();
        var handler = bench.Handlers.Single(handler => handler.Kind == ChannelDigests.DueKind);

        await handler.HandleAsync(rows, new TickContext(bench.Now), default);
        await bench.Channels.SetDigestedAsync(channel, channel.DigestedAt!.Value, default);
        await handler.HandleAsync(rows, new TickContext(bench.Now.AddSeconds(3)), default);
        await bench.SendAsync();

        Digests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_channel_that_is_switched_off_or_gone_gets_none_and_its_row_goes()
    {
        await OpenAsync(A.Bad("a"));
        var channel = (await bench.Channels.ListAsync(IncidentBench.Tenant, default)).Single();
        await bench.Channels.ReplaceAsync(channel with { IsEnabled = false }, default);

        await bench.PassAsync(TimeSpan.FromHours(5));

        Digests.ShouldBeEmpty();
        bench.Rows("due").ShouldNotContain(row => row.RowKey.Contains("~digest~"));
    }

    [Fact]
    public async Task A_row_whose_channel_is_not_stored_yet_comes_again()
    {
        var handler = bench.Handlers.Single(handler => handler.Kind == ChannelDigests.DueKind);
        var item = new DueItem(ChannelDigests.DueKind, IncidentBench.Tenant, new string('a', 32), bench.Now);
        var fresh = new DueRow(item, "p", "r") { AddedAt = bench.Now };

        (await handler.HandleAsync([fresh], new TickContext(bench.Now), default)).ShouldBe([fresh]);
        (await handler.HandleAsync([fresh], new TickContext(bench.Now + DueRow.StateMayFollow), default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task More_than_a_notice_holds_is_counted()
    {
        await OpenAsync([.. Enumerable.Range(0, 19).Select(i => A.Bad($"a{i}"))]);
        for (var n = 0; n < 3; n++)
        {
            await bench.PassAsync(TimeSpan.FromMinutes(2));
            await bench.TellAsync([.. Enumerable.Range(0, 19).Select(i => A.Bad($"b{n}-{i}"))]);
            await bench.SendAsync();
        }

        await bench.PassAsync(TimeSpan.FromHours(5));

        var notice = Digests.Single();
        notice.Name.ShouldBe("76 incidents are open");
        notice.Lines!.Count.ShouldBe(61);
        notice.Lines[^1].ShouldBe("and 16 more");
    }

    /// <summary>The 20th is a Friday; on Monday the report is about the week before.</summary>
    [Fact]
    [Trait("Demand", "S4-23")]
    [Trait("Demand", "S4-24")]
    public async Task On_its_day_the_report_of_the_last_seven_days_comes_too()
    {
        await OpenAsync("mon", A.Bad("a"), A.Bad("b", 1, Severity.Warning));
        for (var day = 0; day < 9; day++)
        {
            await bench.PassAsync(TimeSpan.FromDays(1));
        }

        var report = bench.Sent.Messages.Select(message => message.Notice).Where(notice => notice.Path.StartsWith("/reports", StringComparison.Ordinal)).ShouldHaveSingleItem();
        (report.Name, report.Reason).ShouldBe(("Report of 2026-11-16 to 2026-11-22", "2 incidents, 2 of them still open; 1,234 mails."));
        report.Path.ShouldBe("/reports?from=2026-11-16&to=2026-11-22&zone=Europe%2FBerlin");
        report.Lines.ShouldBe(["critical: 1, 1 open", "warning: 1, 1 open", "unclassified: 2"]);
    }

    IReadOnlyList<Notice> Digests => [.. bench.Sent.Messages.Select(message => message.Notice).Where(notice => notice.Path == "/incidents" && notice.Reason.StartsWith("Daily digest", StringComparison.Ordinal))];

    /// <summary>At 03:00 UTC, 04:00 in Berlin, where the digest comes at 09:00.</summary>
    Task OpenAsync(params Signal[] signals) => OpenAsync(null, signals);

    async Task OpenAsync(string? report, params Signal[] signals)
    {
        var id = await bench.AddChannelAsync();
        var channel = (await bench.Channels.GetAsync(IncidentBench.Tenant, id, default))!;
        var changed = await bench.Digests.BeginAsync(channel with { Digest = new DailyTime("09:00", "Europe/Berlin", report) }, channel, bench.Now, default);
        await bench.Channels.ReplaceAsync(changed, default);
        await bench.TellAsync(signals);
        await bench.SendAsync();
    }
}
