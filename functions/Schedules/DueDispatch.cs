namespace Watchdesk.Schedules;

/// <summary>Gives due rows to the handler of their kind, pushes ahead what could not be handled, and deletes the rest.</summary>
sealed partial class DueDispatch(DueIndex index, IReadOnlyDictionary<string, IDueHandler> handlers, TickRun run, ILogger log)
{
    const int ChunkRows = 1000;
    static readonly TimeSpan PushBy = TimeSpan.FromMinutes(1);

    public async Task HandleAsync(IReadOnlyList<DueRow> rows, CancellationToken cancellationToken)
    {
        foreach (var kind in rows.GroupBy(row => row.Item.Kind, StringComparer.Ordinal))
        {
            foreach (var chunk in kind.OrderBy(row => row.Item.Tenant, StringComparer.Ordinal).Chunk(ChunkRows))
            {
                if (run.MustStop())
                {
                    return;
                }

                await HandleChunkAsync(kind.Key, chunk, cancellationToken);
            }
        }
    }

    async Task HandleChunkAsync(string kind, DueRow[] rows, CancellationToken cancellationToken)
    {
        IReadOnlyList<DueRow> failed = rows;
        if (handlers.TryGetValue(kind, out var handler))
        {
            failed = await CallAsync(handler, rows, cancellationToken);
        }
        else
        {
            run.Explain($"Nothing here handles the kind {kind}.");
        }

        try
        {
            await FinishAsync(kind, rows, failed, cancellationToken);
        }
#pragma warning disable CA1031 // Kept and thrown at the end of the tick; the rows are still there.
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            run.Fail(error);
        }
    }

    /// <summary>Returns the rows that could not be handled.</summary>
    async Task<IReadOnlyList<DueRow>> CallAsync(IDueHandler handler, DueRow[] rows, CancellationToken cancellationToken)
    {
        try
        {
            var failed = await handler.HandleAsync(rows, run.Context, cancellationToken);
            return failed.Count == 0 ? failed : [.. failed.Intersect(rows)];
        }
#pragma warning disable CA1031 // Whatever it was, the other rows go on.
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            run.Explain(error.Message);
            if (rows.Length == 1 || !run.MayHalve())
            {
                Log.Threw(log, error, handler.Kind, rows.Length, rows[0].RowKey);
                return rows;
            }

            var half = rows.Length / 2;
            var first = await CallAsync(handler, rows[..half], cancellationToken);
            return [.. first, .. await CallAsync(handler, rows[half..], cancellationToken)];
        }
    }

    async Task FinishAsync(string kind, DueRow[] rows, IReadOnlyList<DueRow> failed, CancellationToken cancellationToken)
    {
        if (failed.Count > 0)
        {
            await index.PushAsync(failed, DueKeys.Ceiling(run.Context.Now + PushBy), cancellationToken);
            Log.Pushed(log, failed.Count, kind, failed[0].Tries + 1, failed[0].RowKey);
        }

        await index.RemoveAsync(rows, cancellationToken);
        run.Pushed += failed.Count;
        run.Handled += rows.Length - failed.Count;
    }

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The handler of {Kind} failed on {Count} rows from {RowKey} on")]
        public static partial void Threw(ILogger log, Exception error, string kind, int count, string rowKey);

        [LoggerMessage(2, LogLevel.Warning, "{Count} due rows of kind {Kind} could not be handled and come again in a minute; try {Tries} of {RowKey}")]
        public static partial void Pushed(ILogger log, int count, string kind, int tries, string rowKey);
    }
}
