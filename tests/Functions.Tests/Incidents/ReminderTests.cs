using System.Globalization;
using Watchdesk.Incidents;
using Watchdesk.Notices;
using Watchdesk.Schedules;
using Watchdesk.Tenants;

namespace Watchdesk.Tests.Incidents;

public sealed class ReminderTests
{
    static readonly Caller Ann = new(IncidentBench.Tenant, "a1", "ann@example.org", Role.Responder, Scopes.All);
    static readonly TimeSpan FourHours = TimeSpan.FromHours(4);
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    readonly IncidentBench bench = new();

    [Theory]
    [InlineData("04:00:00",   0, "04:00:00")]
    [InlineData("04:00:00",   1, "08:00:00")]
    [InlineData("04:00:00",   2, "16:00:00")]
    [InlineData("04:00:00",   3, "1.00:00:00")]
    [InlineData("04:00:00",   9, "1.00:00:00")]
    [InlineData("04:00:00",  10, null)]
    [InlineData("00:15:00",   0, "00:15:00")]
    [InlineData("00:15:00",   6, "16:00:00")]
    [InlineData("00:15:00",   7, "1.00:00:00")]
    [InlineData("2.00:00:00", 0, "2.00:00:00")]
    [InlineData("2.00:00:00", 5, "2.00:00:00")]
    [InlineData("00:00:00",   0, null)]
    public void The_pauses_double_up_to_a_day_and_end_after_ten(string every, int sent, string? pause)
    {
        var since = new DateTimeOffset(2026, 11, 20, 3, 0, 0, TimeSpan.Zero);
        var incident = Critical() with { NobodySince = since, Reminders = sent, RemindedAt = sent == 0 ? null : since.AddDays(1) };

        var next = Reminder.NextAt(incident, TimeSpan.ParseExact(every, "c", CultureInfo.InvariantCulture));

        (next - (incident.RemindedAt ?? since))?.ToString("c").ShouldBe(pause);
        next.HasValue.ShouldBe(pause is not null);
    }

    [Fact]
    public async Task A_critical_incident_that_nobody_has_is_told_again()
    {
        await OpenAsync();

        await bench.PassAsync(Reminder.Shortest);
        await bench.PassAsync(FourHours - Reminder.Shortest - Tick);
        bench.Told.ShouldBe("Opened");
        await bench.PassAsync(Tick);
        bench.Told.ShouldBe("Opened Reminder");
        var notice = bench.Sent.Messages[^1].Notice;
        NoticeText.Subject(notice).ShouldBe("ATTENTION a: still open since 2026-11-20 02:55 UTC, and nobody has it. No success for 25 min, expected by 02:30");
        (await bench.StoryAsync(notice.Incident)).ShouldContain(line => line.Kind == "reminded" && line.Text == "Nobody has it: reminder 1 of 10.");

        await bench.PassAsync(TimeSpan.FromHours(8) - Tick);
        bench.Told.ShouldBe("Opened Reminder");
        await bench.PassAsync(Tick);
        bench.Told.ShouldBe("Opened Reminder Reminder");
    }

    [Fact]
    public async Task After_an_acknowledgement_nobody_is_reminded_until_it_has_ended()
    {
        var id = await OpenAsync();
        await bench.Actions.AcknowledgeAsync(Ann, id, bench.Now.AddHours(30), null, bench.Now, default);

        await bench.PassAsync(FourHours);
        await bench.PassAsync(TimeSpan.FromHours(25));
        bench.Told.ShouldBe("Opened");

        await bench.PassAsync(TimeSpan.FromHours(1));
        bench.Told.ShouldBe("Opened Reminder");
        await bench.PassAsync(Reminder.Shortest);
        await bench.PassAsync(FourHours - Reminder.Shortest - Tick);
        bench.Told.ShouldBe("Opened Reminder");
        await bench.PassAsync(Tick);
        bench.Told.ShouldBe("Opened Reminder Reminder");
    }

    [Fact]
    public async Task What_is_resolved_or_less_than_critical_reminds_nobody()
    {
        await OpenAsync();
        await bench.TellAsync(A.Bad("b", 1, Severity.Warning), A.Good("a"));
        await bench.PassAsync(FourHours);
        await bench.PassAsync(TimeSpan.FromDays(2));
        bench.Told.ShouldNotContain("Reminder");

        await bench.TellAsync(A.Bad("b", 2));
        await bench.PassAsync(FourHours - Tick);
        bench.Told.ShouldNotContain("Reminder");
        await bench.PassAsync(Tick);
        bench.Told.ShouldEndWith("Worsened Reminder");
    }

    [Fact]
    public async Task An_absence_of_days_makes_one_reminder_and_there_are_at_most_ten()
    {
        await OpenAsync();

        await bench.PassAsync(TimeSpan.FromDays(3));
        bench.Told.ShouldBe("Opened Reminder");
        for (var day = 0; day < 30; day++)
        {
            await bench.PassAsync(TimeSpan.FromHours(25));
        }

        bench.Sent.Messages.Count(message => message.Notice.Kind == NoticeKind.Reminder).ShouldBe(Reminder.Most);
        bench.Rows("due").ShouldNotContain(row => row.RowKey.Contains("~remind~"));
    }

    [Fact]
    public async Task Two_instances_that_see_the_same_row_send_one()
    {
        await OpenAsync();
        bench.Clock.Advance(FourHours);
        var rows = bench.DueRows().Where(row => row.Item.Kind == Reminders.DueKind).ToList();
        rows.ShouldHaveSingleItem();
        var handler = bench.Handlers.Single(handler => handler.Kind == Reminders.DueKind);

        (await handler.HandleAsync(rows, new TickContext(bench.Now), default)).ShouldBeEmpty();
        (await handler.HandleAsync(rows, new TickContext(bench.Now + Tick), default)).ShouldBeEmpty();
        await bench.SendAsync();

        bench.Told.ShouldBe("Opened Reminder");
    }

    [Fact]
    public async Task A_new_interval_holds_for_what_is_open_too()
    {
        await OpenAsync();
        await bench.Reminders.SetEveryAsync(IncidentBench.Tenant, TimeSpan.Zero, bench.Now, default);
        await bench.PassAsync(TimeSpan.FromDays(1));
        bench.Told.ShouldBe("Opened");
        bench.Rows("due").ShouldNotContain(row => row.RowKey.Contains("~remind~"));

        await bench.Reminders.SetEveryAsync(IncidentBench.Tenant, TimeSpan.FromDays(1) + TimeSpan.FromHours(1), bench.Now, default);
        await bench.PassAsync(TimeSpan.Zero);
        bench.Told.ShouldBe("Opened");
        await bench.PassAsync(TimeSpan.FromHours(1));
        bench.Told.ShouldBe("Opened Reminder");
    }

    async Task<string> OpenAsync()
    {
        await bench.AddChannelAsync();
        await bench.RemindEveryAsync(FourHours);
        await bench.TellAsync(A.Bad("a"));
        await bench.SendAsync();
        return (await bench.OnlyAsync()).Id;
    }

    static Incident Critical() => new() { Id = "i", Subject = "job:a", Name = "a", Reason = "r", Severity = Severity.Critical, Since = default, OpenedAt = default };
}
