using Watchdesk.Clients;
using Watchdesk.Schedules;

namespace Watchdesk.Tests.Schedules;

public sealed class TickTests
{
    readonly RecordingHandler _jobs = new();

    [Fact]
    [Trait("Demand", "S0-1")]
    public async Task Hands_over_what_is_due_and_deletes_it()
    {
        var desk = new DueDesk("2026-05-01T12:00Z", _jobs);
        await desk.AddAsync("early", desk.Now.AddMinutes(1));
        await desk.AddAsync("late", desk.Now.AddMinutes(2));

        desk.Clock.Advance(TimeSpan.FromSeconds(59.999));
        await desk.TickAsync();
        _jobs.Ids.ShouldBeEmpty();

        desk.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await desk.TickAsync();
        _jobs.Ids.ShouldBe(["early"]);
        desk.Rows.ShouldHaveSingleItem().RowKey.ShouldEndWith("~job~main~late");
    }

    [Fact]
    public async Task Costs_at_most_ten_calls_and_reads_no_row_when_nothing_is_due()
    {
        var desk = new DueDesk("2026-05-01T12:02Z", _jobs);
        await desk.Index.AddAsync([.. Enumerable.Range(0, 5000).Select(i => new DueItem("job", "main", $"{i}", desk.Now.AddMinutes(5 + i)))], desk.Now, default);
        await desk.TickAsync();
        desk.Tables.ResetCounts();

        desk.Clock.Advance(TimeSpan.FromSeconds(10));
        await desk.TickAsync();

        (desk.Tables.Counts.Reads + desk.Tables.Counts.Writes).ShouldBeLessThanOrEqualTo(10);
        desk.Tables.CountsOf(Tables.Due).ShouldBe(new(8, 0, 0, 0));
        desk.Tables.CountsOf(Tables.Meta).ShouldBe(new(1, 1, 1, 1));
    }

    [Fact]
    public async Task Reads_one_hour_once_the_cursor_has_left_the_last()
    {
        var desk = new DueDesk("2026-05-01T12:02Z", _jobs);
        await desk.TickAsync();
        (await desk.StateAsync()).Cursor.ShouldBe(new(2026, 5, 1, 11, 0, 0, TimeSpan.Zero));

        desk.Clock.Set(new(2026, 5, 1, 12, 5, 0, TimeSpan.Zero));
        await desk.TickAsync();
        (await desk.StateAsync()).Cursor.ShouldBe(new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));

        desk.Tables.ResetCounts();
        await desk.TickAsync();
        desk.Tables.CountsOf(Tables.Due).Reads.ShouldBe(4);
    }
}
