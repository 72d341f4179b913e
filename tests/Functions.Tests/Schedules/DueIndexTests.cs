using Watchdesk.Clients;
using Watchdesk.Schedules;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Schedules;

public sealed class DueIndexTests
{
    readonly DueDesk _desk = new("2026-05-01T12:00Z");

    [Fact]
    public async Task A_row_stands_in_its_hour_and_shard_at_its_deadline()
    {
        await _desk.AddAsync("0193a~1", _desk.Now.AddMinutes(90));

        var row = _desk.Rows.ShouldHaveSingleItem();
        row.PartitionKey.ShouldBe($"2026050113~{Keys.Shard("job~main~0193a~1", 4)}");
        row.RowKey.ShouldBe("001777642200000~job~main~0193a~1");
        row.Time("At").ShouldBe(_desk.Now);
    }

    [Fact]
    public async Task Adding_twice_leaves_one_row()
    {
        var item = new DueItem("job", "main", "a", _desk.Now.AddMinutes(5));

        await _desk.Index.AddAsync([item, item], _desk.Now, default);
        await _desk.Index.AddAsync([item], _desk.Now.AddSeconds(1), default);

        _desk.Rows.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(-3600,      0)]
    [InlineData(0,          0)]
    [InlineData(0.0001,     0.001)]
    [InlineData(59.9999999, 60)]
    [InlineData(60,         60)]
    public async Task Nothing_stands_before_now_or_before_its_deadline(double deadlineSeconds, double standsSeconds)
    {
        var deadline = _desk.Now.AddTicks((long)(deadlineSeconds * TimeSpan.TicksPerSecond));
        await _desk.AddAsync("a", deadline);

        var stands = _desk.Now.AddSeconds(standsSeconds);
        DueIndex.IndexedAt(deadline, _desk.Now).ShouldBe(stands);
        _desk.Rows.ShouldHaveSingleItem().RowKey.ShouldStartWith($"{stands.ToUnixTimeMilliseconds():D15}~");
    }

    [Fact]
    public async Task The_last_instant_there_is_can_be_a_deadline()
    {
        await _desk.AddAsync("a", DateTimeOffset.MaxValue);

        _desk.Rows.ShouldHaveSingleItem().PartitionKey.ShouldStartWith("9999123123~");
    }

    [Fact]
    public async Task Many_rows_go_in_transactions_of_a_hundred()
    {
        await _desk.Index.AddAsync([.. Enumerable.Range(0, 4000).Select(i => new DueItem("job", "main", $"{i:D4}", _desk.Now.AddSeconds(i % 60)))], _desk.Now, default);

        _desk.Rows.Count.ShouldBe(4000);
        _desk.Tables.Counts.Writes.ShouldBeLessThanOrEqualTo(44);
    }

    [Theory]
    [InlineData("",      "main", "a")]
    [InlineData("job~x", "main", "a")]
    [InlineData("job",   "ma in", "a")]
    [InlineData("job",   "main", "")]
    [InlineData("job",   "main", "a/b")]
    public async Task Keys_that_would_break_apart_are_refused_before_anything_is_written(string kind, string tenant, string id)
    {
        DueItem[] items = [new("job", "main", "good", _desk.Now), new(kind, tenant, id, _desk.Now)];

        await Should.ThrowAsync<ArgumentException>(() => _desk.Index.AddAsync(items, _desk.Now, default));

        _desk.Rows.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(62.9, 1)]
    [InlineData(63.1, 2)]
    public async Task A_writer_that_stalled_past_the_hour_adds_again_at_its_new_now(double stallMinutes, int rows)
    {
        var began = _desk.Now;
        _desk.Tables.BeforeWrite = (_, _) =>
        {
            _desk.Tables.BeforeWrite = null;
            _desk.Clock.Advance(TimeSpan.FromMinutes(stallMinutes));
        };

        await _desk.Index.AddAsync([new DueItem("job", "main", "a", began), new DueItem("job", "main", "later", began.AddHours(5))], began, default);

        _desk.Rows.Count(row => row.RowKey.EndsWith("~a", StringComparison.Ordinal)).ShouldBe(rows);
        _desk.Rows.Count(row => row.RowKey.EndsWith("~later", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    [Trait("Demand", "S0-1")]
    public async Task A_writer_two_minutes_behind_is_heard_around_the_hour()
    {
        var handler = new RecordingHandler();
        var desk = new DueDesk("2026-05-01T12:50Z", handler);
        var behind = new ManualClock(desk.Now);
        var writer = desk.Writer(behind);
        var (n, ticks) = (0, 0);
        for (; desk.Now.Hour < 14 || desk.Now.Minute < 10; desk.Clock.Advance(TimeSpan.FromSeconds(10)))
        {
            behind.Set(desk.Now.AddMinutes(-2));
            await desk.TickAsync();
            if (++ticks % 4 == 0)
            {
                await writer.AddAsync([new DueItem("job", "main", $"past-{n++}", behind.GetUtcNow().AddDays(-1))], behind.GetUtcNow(), default);
            }
        }

        await desk.TickAsync();
        handler.Ids.Count().ShouldBe(n);
        desk.Rows.ShouldBeEmpty();
    }
}
