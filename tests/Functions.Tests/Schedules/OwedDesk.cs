using Watchdesk.Clients;
using Watchdesk.Schedules;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Schedules;

/// <summary>
/// A small room as the real ones are: each item owes something every <see cref="Period"/>. Its state row holds the
/// deadline and what was done; index rows come first. The process dies at a chosen write and everything after it fails.
/// </summary>
sealed class OwedDesk : IDueHandler
{
    const string State = "owedstate";
    static readonly TimeSpan Period = TimeSpan.FromMinutes(25);

    public OwedDesk(DateTimeOffset start, int shards = 4)
    {
        Desk = new DueDesk(start, shards, this);
        Desk.Tables.BeforeWrite = (_, _) => DieAt(before: true);
        Desk.Tables.AfterWrite = (_, _) => DieAt(before: false);
        Desk.Tables.BeforeRead = table =>
        {
            ThrowWhenDead();
            if (table == Tables.Due && FailsAtRead-- == 0)
            {
                throw new RemoteCallException("Tables", "GET", 503, null, isTransient: true);
            }
        };
    }

    public string Kind => "owed";

    public DueDesk Desk { get; }

    public bool IsDead { get; private set; }

    /// <summary>Which write from now on is the last thing this process does; null to live.</summary>
    public int? DiesAtWrite { get; set; }

    /// <summary>Whether that write is stored before the process dies.</summary>
    public bool DiesAfterIt { get; set; }

    /// <summary>Which read of the index from now on fails, once.</summary>
    public int? FailsAtRead { get; set; }

    /// <summary>Which rows it reports as failed.</summary>
    public Func<DueRow, bool> Refuses { get; set; } = _ => false;

    public IReadOnlyList<TableRow> States => Desk.Tables.Rows(State);

    public async Task OweAsync(string id, DateTimeOffset deadline, TimeSpan clockBehind)
    {
        var clock = new ManualClock(Desk.Now - clockBehind);
        await Desk.Writer(clock).AddAsync([new DueItem(Kind, "main", id, deadline)], clock.GetUtcNow(), default);
        await WriteAsync(id, deadline, done: 0);
    }

    public async Task<IReadOnlyList<DueRow>> HandleAsync(IReadOnlyList<DueRow> rows, TickContext tick, CancellationToken cancellationToken)
    {
        var failed = new List<DueRow>();
        foreach (var row in rows)
        {
            row.Item.Deadline.ShouldBeLessThanOrEqualTo(tick.Now);
            if (Refuses(row))
            {
                failed.Add(row);
                continue;
            }

            var state = await Desk.Tables.GetAsync(State, "p", row.Item.Id, cancellationToken: cancellationToken);
            if (state is null && row.IsFresh(tick.Now))
            {
                failed.Add(row);
            }
            else if (state?.Time("Deadline") is { } deadline && deadline <= tick.Now)
            {
                var next = tick.Now + Period;
                await Desk.Index.AddAsync([row.Item with { Deadline = next }], tick.Now, cancellationToken);
                await WriteAsync(row.Item.Id, next, state.Number("Done") + 1);
            }
        }

        return failed;
    }

    /// <summary>Ticks; true when the process died on the way or the tick reported a failure.</summary>
    public async Task<bool> TickAsync()
    {
        try
        {
            await Desk.TickAsync();
        }
        catch (Exception error) when (IsDead || error is AggregateException)
        {
            return true;
        }

        return IsDead;
    }

    public void Restart() => (IsDead, DiesAtWrite) = (false, null);

    /// <summary>Every state row has an index row at or before its deadline, in an hour that the cursor has not left.</summary>
    public async Task CheckNothingIsLostAsync()
    {
        var state = await Desk.Cursor.ReadAsync(default);
        var cursor = state is null ? "" : DueKeys.HourText(state.Cursor);
        var indexed = Desk.Rows.Where(row => string.CompareOrdinal(row.PartitionKey, cursor) >= 0).Select(row => DueKeys.Parse(row.RowKey)!).ToLookup(item => item.Id, StringComparer.Ordinal);
        foreach (var owed in States)
        {
            var deadline = owed.Time("Deadline")!.Value > Desk.Now ? owed.Time("Deadline")!.Value : Desk.Now;
            indexed[owed.RowKey].Any(item => item.Deadline <= deadline.AddMinutes(1)).ShouldBeTrue(owed.RowKey);
        }
    }

    Task WriteAsync(string id, DateTimeOffset deadline, long done) =>
        Desk.Tables.WriteAsync(State, TableWrite.Upsert(new TableRow("p", id) { ["Deadline"] = deadline, ["Done"] = done }), default);

    void DieAt(bool before)
    {
        ThrowWhenDead();
        if (DiesAtWrite is { } left && before != DiesAfterIt)
        {
            DiesAtWrite = left - 1;
            IsDead = left <= 1;
            ThrowWhenDead();
        }
    }

    void ThrowWhenDead()
    {
        if (IsDead)
        {
            throw new ProcessDiedException();
        }
    }
}

sealed class ProcessDiedException : Exception;
