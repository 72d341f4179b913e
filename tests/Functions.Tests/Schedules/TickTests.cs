using System.Globalization;
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
        (await desk.StateAsync()).Handled.ShouldBe(1);
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

    [Theory]
    [InlineData("2026-05-01T12:04:59", "2026-05-01T11:00")]
    [InlineData("2026-05-01T12:05:00", "2026-05-01T12:00")]
    [InlineData("2026-05-01T12:59:59", "2026-05-01T12:00")]
    public async Task The_cursor_leaves_an_hour_five_minutes_after_its_end(string now, string cursor)
    {
        var desk = new DueDesk("2026-05-01T11:30", _jobs);
        await desk.TickAsync();
        desk.Clock.Set(At(now));
        await desk.TickAsync();

        (await desk.StateAsync()).Cursor.ShouldBe(At(cursor));
        desk.Tables.ResetCounts();
        await desk.TickAsync();
        desk.Tables.CountsOf(Tables.Due).Reads.ShouldBe(At(cursor).Hour == 12 ? 4 : 8);
    }

    [Fact]
    public async Task The_cursor_stays_on_an_hour_until_it_was_read_empty()
    {
        var desk = new DueDesk("2026-05-01T11:30Z", _jobs);
        await desk.TickAsync();
        await desk.AddAsync("a", At("2026-05-01T11:59"));
        desk.Clock.Set(At("2026-05-01T13:30"));

        await desk.TickAsync();
        (await desk.StateAsync()).Cursor.ShouldBe(At("2026-05-01T11:00"));

        await desk.TickAsync();
        (await desk.StateAsync()).Cursor.ShouldBe(At("2026-05-01T13:00"));
    }

    [Theory]
    [InlineData("2026-05-01T18:30", "2026-05-01T12:30", "2026-05-01T12:00")]
    [InlineData("2026-05-01T13:06", "2026-05-01T13:02", "2026-05-01T12:00")]
    public async Task The_cursor_goes_back_with_the_clock(string first, string then, string cursor)
    {
        var desk = new DueDesk(first, _jobs);
        await desk.TickAsync();

        desk.Clock.Set(At(then));
        await desk.AddAsync("a", desk.Now);
        await desk.TickAsync();

        _jobs.Ids.ShouldBe(["a"]);
        (await desk.StateAsync()).Cursor.ShouldBe(At(cursor));
    }

    [Fact]
    [Trait("Demand", "S0-1")]
    public async Task Catches_up_after_three_days_with_one_range_read_per_hour_and_shard()
    {
        var desk = new DueDesk("2026-05-01T12:30Z", _jobs);
        await desk.TickAsync();
        await desk.Index.AddAsync([.. Enumerable.Range(0, 72 * 60).Select(i => new DueItem("job", $"t{i % 3}", $"{i}", desk.Now.AddMinutes(i)))], desk.Now, default);
        desk.Tables.ResetCounts();

        var away = desk.Now;
        desk.Clock.Advance(TimeSpan.FromDays(3));
        await desk.TickAsync();

        _jobs.Ids.Distinct().Count().ShouldBe(72 * 60);
        desk.Rows.ShouldBeEmpty();
        desk.Tables.CountsOf(Tables.Due).Reads.ShouldBe(73 * 4);
        _jobs.Ticks.ShouldAllBe(tick => tick.IsCatchUp && tick.LastTickAt == away && tick.Now == desk.Now);

        await desk.TickAsync();
        (await desk.StateAsync()).Cursor.ShouldBe(At("2026-05-04T12:00"));
    }

    [Theory]
    [InlineData(120, false)]
    [InlineData(121, true)]
    public async Task Handlers_are_told_that_Watchdesk_was_away(int seconds, bool isCatchUp)
    {
        var desk = new DueDesk("2026-05-01T12:30Z", _jobs);
        await desk.TickAsync();
        await desk.AddAsync("a", desk.Now.AddSeconds(1));

        desk.Clock.Advance(TimeSpan.FromSeconds(seconds));
        await desk.TickAsync();

        _jobs.Ticks.ShouldHaveSingleItem().IsCatchUp.ShouldBe(isCatchUp);
    }

    [Fact]
    public async Task Stops_when_its_time_is_over_and_goes_on_in_the_next()
    {
        var desk = new DueDesk("2026-05-01T12:30Z", _jobs);
        await desk.TickAsync();
        await desk.Index.AddAsync([.. Enumerable.Range(0, 2500).Select(i => new DueItem("job", "main", $"{i}", desk.Now.AddSeconds(i)))], desk.Now, default);
        desk.Clock.Advance(TimeSpan.FromMinutes(50));
        _jobs.First = (_, _) =>
        {
            desk.Clock.Advance(TimeSpan.FromMinutes(6));
            return Task.CompletedTask;
        };

        await desk.TickAsync();
        _jobs.Seen.Count.ShouldBe(1000);
        (await desk.StateAsync()).IsCatchingUp.ShouldBeTrue();

        await desk.TickAsync();
        await desk.TickAsync();
        _jobs.Ids.Distinct().Count().ShouldBe(2500);
        _jobs.Ticks.ShouldAllBe(tick => tick.IsCatchUp);
        (await desk.StateAsync()).IsCatchingUp.ShouldBeFalse();
    }

    [Fact]
    public async Task A_cancelled_tick_leaves_its_rows_for_the_next()
    {
        var desk = new DueDesk("2026-05-01T12:30Z", _jobs);
        await desk.AddAsync("a", desk.Now);
        using var stop = new CancellationTokenSource();
        _jobs.First = (_, _) => stop.CancelAsync().ContinueWith(_ => stop.Token.ThrowIfCancellationRequested(), TaskScheduler.Default);

        await Should.ThrowAsync<OperationCanceledException>(() => desk.TickAsync(stop.Token));

        _jobs.First = null;
        await desk.TickAsync();
        _jobs.Seen.ShouldHaveSingleItem().Id.ShouldBe("a");
    }

    [Fact]
    [Trait("Size", "Large")]
    public async Task Ten_thousand_due_rows_take_a_hundredth_of_a_transaction_each()
    {
        var handler = new RecordingHandler();
        var desk = new DueDesk("2026-05-01T12:30Z", handler);
        await desk.TickAsync();
        await desk.Index.AddAsync([.. Enumerable.Range(0, 10_000).Select(i => new DueItem("job", "main", $"{i}", desk.Now.AddMilliseconds(i)))], desk.Now, default);
        desk.Clock.Advance(TimeSpan.FromSeconds(10));
        desk.Tables.ResetCounts();

        await desk.TickAsync();

        handler.Seen.Count.ShouldBe(10_000);
        desk.Tables.CountsOf(Tables.Due).Reads.ShouldBeLessThanOrEqualTo(14);
        desk.Tables.CountsOf(Tables.Due).Writes.ShouldBeLessThanOrEqualTo(145);
    }

    static DateTimeOffset At(string iso) => DateTimeOffset.Parse(iso, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
