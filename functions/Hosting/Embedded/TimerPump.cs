using NCrontab;
using Watchdesk.Clients;

namespace Watchdesk.Hosting.Embedded;

/// <summary>Invokes a timer function when its schedule says so, one at a time, in UTC.</summary>
sealed class TimerPump(FunctionDefinition function, FunctionInvoker invoker, ITables tables, TimeProvider clock)
{
    static readonly TimeSpan MonitoredFrom = TimeSpan.FromMinutes(1);

    readonly CrontabSchedule schedule = CrontabSchedule.Parse(((TimerTrigger)function.Trigger).Schedule, FunctionFolders.WithSeconds);

    /// <param name="stopping">No further invocation begins.</param>
    /// <param name="aborting">The one that runs is given up.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken aborting)
    {
        var next = Next(clock.GetUtcNow());
        var isMonitored = Next(next) - next >= MonitoredFrom;
        if (isMonitored && await ReadStatusAsync(stopping) is { } before && before.Next < clock.GetUtcNow())
        {
            await InvokeAsync(before.Next, isPastDue: true, isMonitored, aborting);
        }

        while (!stopping.IsCancellationRequested)
        {
            next = Next(clock.GetUtcNow());
            while (clock.GetUtcNow() < next)
            {
                await Task.Delay(Positive(next - clock.GetUtcNow()), clock, stopping);
            }

            await InvokeAsync(next, isPastDue: false, isMonitored, aborting);
        }
    }

    /// <summary>A timer may fire a moment early, and its resolution is a millisecond.</summary>
    static TimeSpan Positive(TimeSpan span) => span < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : span;

    async Task InvokeAsync(DateTimeOffset dueAt, bool isPastDue, bool isMonitored, CancellationToken aborting)
    {
        var now = clock.GetUtcNow();
        var status = isMonitored ? new TimerStatus(dueAt, Next(now), now) : null;
        await invoker.InvokeAsync(function, Envelopes.Timer(function, isPastDue, status, now), aborting);
        if (status is not null)
        {
            await tables.WriteAsync(Tables.Meta, TableWrite.Upsert(new TableRow("m", RowKey) { ["Last"] = status.Last, ["Next"] = status.Next, ["V"] = 1 }), aborting);
        }
    }

    async Task<TimerStatus?> ReadStatusAsync(CancellationToken cancellationToken) =>
        await tables.GetAsync(Tables.Meta, "m", RowKey, cancellationToken: cancellationToken) is { } row && row.Time("Next") is { } next
            ? new TimerStatus(row.Time("Last") ?? next, next, next)
            : null;

    string RowKey => "timer~" + function.Name;

    DateTimeOffset Next(DateTimeOffset after) => new(schedule.GetNextOccurrence(after.UtcDateTime), TimeSpan.Zero);
}
