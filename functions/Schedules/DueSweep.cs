namespace Watchdesk.Schedules;

/// <summary>Reads the due rows hour by hour from the cursor on, all shards of an hour at once, page by page.</summary>
sealed class DueSweep(DueIndex index, DueDispatch dispatch, TickRun run)
{
    readonly HashSet<int> _failedShards = [];

    /// <summary>Returns where the cursor stands now: on the first hour that was not read empty or ended less than 5 min ago.</summary>
    public async Task<DateTimeOffset> RunAsync(DateTimeOffset? cursor, CancellationToken cancellationToken)
    {
        var now = run.Context.Now;
        var latest = DueKeys.HourOf(now - TickCursor.Margin);

        // Also when the clock was set back: what is written now must not lie below the cursor.
        var from = cursor is { } at && at < latest ? at : latest;
        var stands = from;
        for (var hour = from; hour <= now && !run.MustStop(); hour += DueKeys.Hour)
        {
            var wasEmpty = await SweepHourAsync(hour, cancellationToken);
            if (wasEmpty && stands == hour && hour < latest)
            {
                stands = hour + DueKeys.Hour;
            }
        }

        return stands;
    }

    async Task<bool> SweepHourAsync(DateTimeOffset hour, CancellationToken cancellationToken)
    {
        var wasEmpty = true;
        var lanes = Enumerable.Range(0, index.Shards).Select(shard => new Lane(shard, DueKeys.Partition(hour, shard))).ToList();
        while (lanes.Count > 0)
        {
            lanes.RemoveAll(lane => _failedShards.Contains(lane.Shard));
            var pages = await Task.WhenAll(lanes.Select(lane => ReadAsync(lane, cancellationToken)));
            var rows = pages.SelectMany(page => page.Rows).ToList();
            wasEmpty &= rows.Count == 0;
            await dispatch.HandleAsync(rows, cancellationToken);
            lanes.RemoveAll(lane => lane.Continuation is null);
            if (lanes.Count > 0 && run.MustStop())
            {
                return false;
            }
        }

        return wasEmpty && _failedShards.Count == 0;
    }

    /// <summary>A shard that cannot be read is left alone for this tick, so that it does not hold up the others.</summary>
    async Task<DuePage> ReadAsync(Lane lane, CancellationToken cancellationToken)
    {
        try
        {
            var page = await index.ReadAsync(lane.Partition, run.Context.Now, lane.Continuation, cancellationToken);
            lane.Continuation = page.Continuation;
            return page;
        }
#pragma warning disable CA1031 // Kept and thrown at the end of the tick.
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            lock (_failedShards)
            {
                _failedShards.Add(lane.Shard);
                run.Fail(error);
            }

            lane.Continuation = null;
            return new DuePage([], null);
        }
    }

    sealed class Lane(int shard, string partition)
    {
        public int Shard { get; } = shard;

        public string Partition { get; } = partition;

        public string? Continuation { get; set; }
    }
}
