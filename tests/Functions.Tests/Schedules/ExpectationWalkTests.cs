using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Watchdesk.Clients;
using Watchdesk.Schedules;
using Watchdesk.Tests.Mail;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Schedules;

public sealed class ExpectationWalkTests
{
    const string State = "state";

    readonly DueDesk _desk = new("2026-11-20T08:30:00Z");
    readonly List<Expectation> _lost = [];

    [Theory]
    [InlineData("job", "Watchdesk: deadline of Backup")]
    [InlineData("series", "Watchdesk: deadline of the mails nightly backup")]
    [InlineData("rule", "Watchdesk: deadline of the rule Slow")]
    [Trait("Demand", "S0-1")]
    public async Task What_lost_its_due_row_is_found_within_a_day_watched_again_and_told(string kind, string incident)
    {
        await using var desk = await MailDesk.StartAsync();
        await desk.Client.PostAsJsonAsync("/api/v1/jobs", new { name = "Backup", schedule = new { period = "2.00:00:00", grace = "00:02:00" } });
        await desk.Client.PostAsJsonAsync("/api/v1/heartbeats", new[] { new { job = "backup", kind = "success" } });
        await desk.SendAsync("nightly backup :sched-permonth-2/0:");
        (await desk.Client.PostAsJsonAsync("/api/v1/rules", new { name = "Slow", frequency = "0d_12h_0m_0s", rule_condition = "P95 time 0d_1h_0m_0s > 5" })).EnsureSuccessStatusCode();
        await desk.App.AdvanceAsync(TimeSpan.FromMinutes(1));
        var before = Due(desk, kind).ShouldHaveSingleItem();
        await desk.App.Tables.WriteAsync(Tables.Due, TableWrite.Delete(before.PartitionKey, before.RowKey), default);

        for (var hour = 0; hour < 3; hour++)
        {
            await desk.App.AdvanceAsync(TimeSpan.FromHours(1));
        }

        Due(desk, kind).ShouldHaveSingleItem().RowKey.ShouldBe(before.RowKey);
        (await desk.IncidentsAsync()).ShouldHaveSingleItem().GetProperty("name").GetString().ShouldBe(incident);
        static List<TableRow> Due(MailDesk desk, string kind) => [.. desk.App.Tables.Rows(Tables.Due).Where(row => row.RowKey[15..].StartsWith($"~{kind}~", StringComparison.Ordinal))];
    }

    [Fact]
    public async Task Markers_of_messages_go_after_two_days()
    {
        await using var app = await TestApp.StartAsync();
        var desk = await app.SignedInAsync();
        await desk.PostAsJsonAsync("/api/v1/jobs", new { name = "Backup", schedule = new { period = "10.00:00:00" } });
        await desk.PostAsJsonAsync("/api/v1/heartbeats", new[] { new { job = "backup", kind = "success" } });
        await app.SettleAsync();
        Markers().ShouldBe(1);

        await app.AdvanceAsync(TimeSpan.FromHours(47));
        Markers().ShouldBe(1);
        await app.AdvanceAsync(TimeSpan.FromHours(3));
        Markers().ShouldBe(0);

        int Markers() => app.Tables.Rows(Tables.JobState).Count(row => row.RowKey.StartsWith("m~", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("walk", "00~0", "job~00~0")]
    [InlineData("walk", "00~019ac~", "job~00~0")]
    [InlineData("walk-series", "00~0", "series~00~0")]
    public async Task Walks_of_before_go_on_under_the_new_id(string kind, string old, string id)
    {
        await using var app = await TestApp.StartAsync();
        var now = app.Clock.GetUtcNow();
        await app.Services.GetRequiredService<DueIndex>().AddAsync([new DueItem(kind, "main", old, now)], now, default);

        await app.TickAsync();

        app.Tables.Rows(Tables.Due).Single(row => row.RowKey.Contains("~walk")).RowKey.ShouldEndWith($"~walk~main~{id}");
    }

    [Fact]
    public async Task A_lost_row_stands_again_where_the_state_says_so_or_now()
    {
        await OweAsync("ahead", _desk.Now.AddHours(2), look: _desk.Now.AddHours(3));
        await OweAsync("passed", _desk.Now.AddHours(-2), look: null);
        await OweAsync("unknown", null, look: _desk.Now.AddHours(1));
        await OweAsync("nothing", null, look: null);

        await WalkAsync();

        _lost.Select(lost => lost.Id).ShouldBe(["ahead", "passed", "unknown"], ignoreOrder: true);
        Indexed().ShouldBe([("ahead", _desk.Now.AddHours(2)), ("passed", _desk.Now), ("unknown", _desk.Now.AddHours(1))], ignoreOrder: true);
    }

    [Fact]
    public async Task A_row_that_could_not_be_handled_and_was_pushed_ahead_is_not_lost()
    {
        await OweAsync("stubborn", _desk.Now.AddMinutes(-40), look: null);
        await _desk.Index.AddAsync([Item("stubborn", _desk.Now.AddSeconds(50))], _desk.Now, default);

        await WalkAsync();

        _lost.ShouldBeEmpty();
        Indexed().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_row_that_moved_on_while_it_was_walked_is_not_lost()
    {
        await OweAsync("quick", _desk.Now, look: null);
        var next = _desk.Now.AddHours(1);
        var isFirst = true;

        await WalkAsync(row =>
        {
            if (isFirst)
            {
                // The tick of another instance, between the read of the page and the look at the index.
                isFirst = false;
                OweAsync("quick", next, look: null).GetAwaiter().GetResult();
                _desk.Index.AddAsync([Item("quick", next)], _desk.Now, default).GetAwaiter().GetResult();
            }
        });

        _lost.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_large_partition_is_walked_in_slices()
    {
        for (var n = 0; n < 4100; n++)
        {
            await OweAsync($"{n:D5}", null, look: _desk.Now.AddHours(1));
        }

        await WalkAsync();
        _lost.Count.ShouldBe(4000);
        var goesOn = _desk.Rows.Select(row => DueKeys.Parse(row.RowKey)!).Single(item => item.Kind == "walk");
        goesOn.Id.ShouldBe("test~00~03999~");

        await WalkAsync(from: goesOn.Id);
        _lost.Count.ShouldBe(4100);
    }

    async Task WalkAsync(Action<TableRow>? onRead = null, string from = "test~00~0")
    {
        var source = new WalkSource("test", State, (tenant, _) => tenant, (tenant, row) =>
        {
            var owed = new Expectation("job", tenant, row.RowKey, row.Time("Look"), row.Number("At"), row.RowKey, "/");
            onRead?.Invoke(row);
            return owed;
        });
        var walk = new ExpectationWalk(_desk.Tables, _desk.Index, [source], Note, NullLogger<ExpectationWalk>.Instance);
        (await walk.HandleAsync([new DueRow(new DueItem("walk", "main", from, _desk.Now), "", "")], new TickContext(_desk.Now, _desk.Now.AddSeconds(-10)), default)).ShouldBeEmpty();

        Task Note(IReadOnlyList<Expectation> lost, DateTimeOffset now, CancellationToken cancellationToken)
        {
            _lost.AddRange(lost);
            return Task.CompletedTask;
        }
    }

    Task OweAsync(string id, DateTimeOffset? indexedAt, DateTimeOffset? look) =>
        _desk.Tables.WriteAsync(State, TableWrite.Upsert(new TableRow("main", id) { ["At"] = indexedAt?.ToUnixTimeMilliseconds() ?? long.MaxValue, ["Look"] = look }), default);

    IEnumerable<(string Id, DateTimeOffset At)> Indexed() =>
        _desk.Rows.Select(row => DueKeys.Parse(row.RowKey)!).Where(item => item.Kind == "job").Select(item => (item.Id, item.Deadline));

    static DueItem Item(string id, DateTimeOffset at) => new("job", "main", id, at);
}
