using Watchdesk.Clients;
using Watchdesk.Schedules;

namespace Watchdesk.Tests.Schedules;

/// <summary>What becomes of rows that cannot be handled, and of rows that change under the tick.</summary>
public sealed class DueDispatchTests
{
    readonly RecordingHandler _jobs = new();
    readonly DueDesk _desk;

    public DueDispatchTests() => _desk = new DueDesk("2026-05-01T12:30Z", _jobs);

    [Fact]
    public async Task Rows_that_a_handler_reports_come_again_a_minute_later()
    {
        await _desk.AddAsync("good", _desk.Now);
        await _desk.AddAsync("bad", _desk.Now);
        _jobs.Fails = row => row.Item.Id == "bad" && row.Tries < 2;

        await _desk.TickAsync();
        _jobs.Ids.ShouldBe(["good"]);
        (await _desk.StateAsync()).Pushed.ShouldBe(1);

        _desk.Clock.Advance(TimeSpan.FromSeconds(59));
        await _desk.TickAsync();
        _jobs.Calls.ShouldBe(1);

        _desk.Clock.Advance(TimeSpan.FromSeconds(1));
        await _desk.TickAsync();
        _desk.Clock.Advance(TimeSpan.FromSeconds(60));
        await _desk.TickAsync();
        _jobs.Ids.ShouldBe(["good", "bad"]);
        _desk.Rows.ShouldBeEmpty();
        (await _desk.StateAsync()).Pushed.ShouldBe(0);
        (await _desk.StateAsync()).PushedAt.ShouldBe(_desk.Now.AddMinutes(-1));
    }

    [Fact]
    public async Task Bad_rows_that_make_a_handler_throw_stand_alone_in_the_end()
    {
        await _desk.Index.AddAsync([.. Enumerable.Range(0, 1000).Select(i => new DueItem("job", "main", $"{i}", _desk.Now))], _desk.Now, default);
        _jobs.First = (rows, _) => rows.Any(row => row.Item.Id is "3" or "500") ? throw new InvalidOperationException("no such job") : Task.CompletedTask;

        await _desk.TickAsync();

        _jobs.Seen.Count.ShouldBe(998);
        _desk.Rows.Count.ShouldBe(2);
        (await _desk.StateAsync()).ShouldBe(new TickState((await _desk.StateAsync()).Cursor, _desk.Now, false, 998, 2) { PushedAt = _desk.Now, PushedReason = "no such job", ETag = (await _desk.StateAsync()).ETag });
    }

    [Fact]
    public async Task A_handler_that_always_throws_is_not_asked_row_by_row()
    {
        await _desk.Index.AddAsync([.. Enumerable.Range(0, 5000).Select(i => new DueItem("job", "main", $"{i}", _desk.Now))], _desk.Now, default);
        _jobs.First = (_, _) => throw new InvalidOperationException("down");

        await _desk.TickAsync();

        _jobs.Calls.ShouldBeLessThan(200);
        _desk.Rows.Count.ShouldBe(5000);
        (await _desk.StateAsync()).Pushed.ShouldBe(5000);
    }

    [Fact]
    public async Task A_kind_that_nothing_handles_waits_in_sight()
    {
        await _desk.AddAsync("a", _desk.Now, kind: "later");
        await _desk.AddAsync("b", _desk.Now);

        await _desk.TickAsync();

        _jobs.Ids.ShouldBe(["b"]);
        _desk.Rows.ShouldHaveSingleItem().Number("Tries").ShouldBe(1);
        (await _desk.StateAsync()).PushedReason.ShouldBe("Nothing here handles the kind later.");
    }

    [Fact]
    public async Task A_pushed_row_keeps_the_time_it_was_added()
    {
        await _desk.AddAsync("a", _desk.Now);
        var fresh = new List<bool>();
        _jobs.Fails = row =>
        {
            fresh.Add(row.IsFresh(_desk.Now));
            return row.IsFresh(_desk.Now);
        };
        for (var i = 0; i < 12; i++)
        {
            await _desk.TickAsync();
            _desk.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        fresh.ShouldBe([.. Enumerable.Repeat(true, 20), false, false]);
        _desk.Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_row_that_was_written_again_meanwhile_stays()
    {
        await _desk.AddAsync("a", _desk.Now);
        await _desk.AddAsync("b", _desk.Now);
        _jobs.First = (_, tick) => _desk.Index.AddAsync([new DueItem("job", "main", "a", tick.Now)], tick.Now, default);

        await _desk.TickAsync();
        _desk.Rows.ShouldHaveSingleItem().RowKey.ShouldEndWith("~a");

        _jobs.First = null;
        await _desk.TickAsync();
        _jobs.Ids.ShouldBe(["a", "b", "a"], ignoreOrder: true);
        _desk.Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_ticks_at_once_do_no_harm()
    {
        await _desk.TickAsync();
        await _desk.Index.AddAsync([.. Enumerable.Range(0, 300).Select(i => new DueItem("job", "main", $"{i}", _desk.Now))], _desk.Now, default);
        _jobs.First = (_, _) =>
        {
            _jobs.First = null;
            return _desk.TickAsync();
        };

        await _desk.TickAsync();

        _jobs.Ids.Distinct().Count().ShouldBe(300);
        _desk.Rows.ShouldBeEmpty();
        await _desk.TickAsync();
    }

    [Fact]
    public async Task A_shard_that_cannot_be_read_holds_up_only_itself()
    {
        var all = Enumerable.Range(0, 40).Select(i => new DueItem("job", "main", $"{i}", _desk.Now)).ToList();
        await _desk.TickAsync();
        await _desk.Index.AddAsync(all, _desk.Now, default);
        _desk.Clock.Advance(TimeSpan.FromHours(2));
        var reads = 0;
        _desk.Tables.BeforeRead = table => _ = table == Tables.Due && reads++ == 2 ? throw new RemoteCallException("Tables", "GET", 503, null, isTransient: true) : 0;

        await Should.ThrowAsync<AggregateException>(() => _desk.TickAsync());
        _jobs.Seen.Count.ShouldBeInRange(20, 39);

        // Now every other shard is read empty, and the cursor must still not leave the hour.
        reads = 0;
        await Should.ThrowAsync<AggregateException>(() => _desk.TickAsync());
        await _desk.TickAsync();
        _jobs.Ids.ShouldBe(all.Select(item => item.Id), ignoreOrder: true);
    }

    [Fact]
    public async Task Storage_that_is_away_ends_the_tick_and_loses_nothing()
    {
        await _desk.Index.AddAsync([.. Enumerable.Range(0, 40).Select(i => new DueItem("job", "main", $"{i}", _desk.Now))], _desk.Now, default);
        _desk.Tables.BeforeRead = table => _ = table == Tables.Due ? throw new RemoteCallException("Tables", "GET", 503, null, isTransient: true) : 0;

        await Should.ThrowAsync<AggregateException>(() => _desk.TickAsync());

        _desk.Tables.BeforeRead = null;
        await _desk.TickAsync();
        _jobs.Seen.Count.ShouldBe(40);
    }

    [Fact]
    public async Task Someone_elses_row_holds_nobody_up()
    {
        await _desk.Tables.WriteAsync(Tables.Due, TableWrite.Upsert(new TableRow("2026050112~0", "000000000000001~odd")), default);
        await _desk.AddAsync("a", _desk.Now);

        await _desk.TickAsync();

        _jobs.Ids.ShouldBe(["a"]);
        _desk.Rows.ShouldHaveSingleItem().RowKey.ShouldEndWith("~odd");
    }
}
