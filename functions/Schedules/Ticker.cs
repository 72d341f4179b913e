namespace Watchdesk.Schedules;

/// <summary>One tick: reads what is due since the cursor, hands it out, and moves the cursor.</summary>
public sealed partial class Ticker(
    DueIndex index, TickCursor cursors, IEnumerable<IDueHandler> handlers, TimeProvider clock, ILogger<Ticker> log)
{
    /// <summary>Watchdesk counts as having been away after this.</summary>
    static readonly TimeSpan Away = TimeSpan.FromMinutes(2);

    readonly Dictionary<string, IDueHandler> _handlers = handlers.ToDictionary(handler => handler.Kind, StringComparer.Ordinal);

    /// <exception cref="AggregateException">Something could not be read or stored; the rows in question are still there for the next tick.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var before = await cursors.ReadAsync(cancellationToken);
        var isCatchUp = before is not null && (before.IsCatchingUp || now - before.TickAt > Away);
        if (isCatchUp)
        {
            Log.CatchesUp(log, before!.TickAt);
        }

        var run = new TickRun(new TickContext(now, before?.TickAt, isCatchUp), clock);
        var cursor = await new DueSweep(index, new DueDispatch(index, _handlers, run, log), run).RunAsync(before?.Cursor, cancellationToken);

        var state = new TickState(cursor, clock.GetUtcNow(), isCatchUp && !run.IsComplete, run.Handled, run.Pushed)
        {
            PushedAt = run.Pushed > 0 ? now : null,
            PushedReason = run.PushedReason,
            ETag = before?.ETag,
        };
        await cursors.WriteAsync(state, cancellationToken);
        index.HasCursor = true;
        if (run.Failures.Count > 0)
        {
            throw new AggregateException("A tick could not read or store everything; the next one goes on.", run.Failures);
        }
    }

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Catches up: the last tick ended at {TickAt:O}")]
        public static partial void CatchesUp(ILogger log, DateTimeOffset tickAt);
    }
}
