using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Clients;
using Watchdesk.Heartbeats;
using Watchdesk.Schedules;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Heartbeats;

/// <summary>
/// The process dies at every single table write of a story, before it or after it, once each; then it starts anew, the
/// messages are delivered again and the tick runs on.
/// </summary>
[Trait("Demand", "S3-22")]
[Trait("Size", "Large")]
public class CrashTests
{
    const string Tenant = "main";
    const int Jobs = 5;
    static readonly DateTimeOffset Start = DateTimeOffset.Parse("2026-11-20T08:00:00Z");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_is_lost_counted_twice_or_left_unwatched_wherever_the_process_dies(bool before)
    {
        var points = await RunAsync(int.MaxValue, before);
        points.ShouldBeGreaterThan(15);
        for (var point = 1; point <= points; point++)
        {
            await RunAsync(point, before);
        }
    }

    /// <summary>Returns how many writes the story took.</summary>
    static async Task<int> RunAsync(int dieAt, bool before)
    {
        var tables = new MemoryTables();
        await using (var setup = await LifeAsync(tables, Start))
        {
            for (var n = 0; n < Jobs; n++)
            {
                (await setup.Services.GetRequiredService<JobStore>().CreateAsync(Tenant, Job(n), default)).ShouldNotBeNull();
            }
        }

        var writes = 0;
        var (isLiving, isDead) = (false, false);
        void Die(string table, IReadOnlyList<TableWrite> batch)
        {
            if (isLiving && (isDead |= ++writes == dieAt))
            {
                throw new KilledException();
            }
        }

        (tables.BeforeWrite, tables.AfterWrite) = before ? ((Action<string, IReadOnlyList<TableWrite>>)Die, (Action<string, IReadOnlyList<TableWrite>>?)null) : (null, Die);
        var app = await LifeAsync(tables, Start);
        foreach (var step in Story())
        {
            try
            {
                isLiving = true;
                await step(app);
            }
            catch (Exception) when (isDead)
            {
                var now = app.Clock.GetUtcNow();
                await app.DisposeAsync();
                (isLiving, isDead) = (false, false);
                app = await LifeAsync(tables, now);
                await step(app);
            }
        }

        isLiving = false;
        await CheckAsync(app, $"died {(before ? "before" : "after")} write {dieAt}");
        await app.DisposeAsync();
        return writes;
    }

    /// <summary>Runs begin and end, one hangs, all fall silent, and one comes back.</summary>
    static IEnumerable<Func<TestApp, Task>> Story()
    {
        yield return Deliver(10, "m1", 0, Enumerable.Range(0, Jobs).Select(n => (n, RunEventKind.Start)));
        yield return Deliver(20, "m2", 1, Enumerable.Range(0, Jobs).Select(n => (n, n == 1 ? RunEventKind.Fail : RunEventKind.Success)));
        yield return Deliver(30, "m3", 2, [(0, RunEventKind.Start), (2, RunEventKind.Success), (2, RunEventKind.Success)]);
        yield return Tick(400);
        yield return Tick(1500);
        yield return Deliver(1510, "m4", 3, [(3, RunEventKind.Success)]);
        yield return Tick(1520);
        yield return Tick(1600);
    }

    static Func<TestApp, Task> Deliver(int second, string message, int run, IEnumerable<(int Job, RunEventKind Kind)> events) => async app =>
    {
        app.Clock.Set(Start.AddSeconds(second));
        var at = app.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        RunEvent[] items = [.. events.Select((e, n) => new RunEvent($"{message}-{n}", Id(e.Job), e.Kind, at, at, $"{message}-{run}-{n}"))];
        await app.Services.GetRequiredService<ApplyEvents>().ApplyAsync(Tenant, [new RunMessage(message, items)], app.Clock.GetUtcNow(), default);
    };

    static Func<TestApp, Task> Tick(int second) => async app =>
    {
        app.Clock.Set(Start.AddSeconds(second));
        await app.Services.GetRequiredService<Ticker>().RunAsync(default);
    };

    static async Task CheckAsync(TestApp app, string when)
    {
        for (var tick = 0; tick < 3; tick++)
        {
            app.Clock.Advance(TimeSpan.FromSeconds(70));
            await app.Services.GetRequiredService<Ticker>().RunAsync(default);
        }

        var now = app.Clock.GetUtcNow();
        var rows = new List<JobRow>();
        for (var n = 0; n < Jobs; n++)
        {
            rows.Add((await app.Services.GetRequiredService<JobRows>().ReadAsync(Tenant, Id(n), default))!);
        }

        rows.Sum(row => row.State.Occurrences).ShouldBe(Jobs + Jobs + 3 + 1, when);
        rows.Sum(row => row.State.Successes).ShouldBe(4 + 2 + 1, when);
        rows.Sum(row => row.State.Failures).ShouldBe(1, when);
        foreach (var row in rows)
        {
            row.State.ToldTurn.ShouldBe(row.State.Turn, when);
            var outlook = JobOutlook.At(row.Job, row.State, now);
            outlook.Cause.ShouldBe(row.State.BaseCause, when);
            if (outlook.NextLook is { } look)
            {
                row.State.IndexedAt.ShouldBeLessThanOrEqualTo(look.ToUnixTimeMilliseconds(), when);
                (await app.Services.GetRequiredService<DueIndex>().ContainsAsync(new DueItem(ApplyEvents.DueKind, Tenant, row.Job.Id, JobOutlook.Instant(row.State.IndexedAt)), default))
                    .ShouldBeTrue($"{when}: {row.Job.Name} has no index row at {JobOutlook.Instant(row.State.IndexedAt):O}");
            }
        }
    }

    static Task<TestApp> LifeAsync(MemoryTables tables, DateTimeOffset now) =>
        TestApp.StartAsync(builder => builder.Services.AddSingleton<ITables>(tables), now.ToString("O"));

    static string Id(int n) => $"{n:x32}";

    static Job Job(int n) => NewJob.From(
        new JobRequest($"Job {n}", Schedule: new PeriodSchedule(TimeSpan.FromMinutes(n == 4 ? 60 : 10), TimeSpan.FromMinutes(5))), Start) with { Id = Id(n) };

    sealed class KilledException : Exception;
}
