using Watchdesk.Clients;

namespace Watchdesk.Notices;

/// <summary>The pace of each channel over all instances: table channels, PK tenant~pace, RK channel.</summary>
public sealed class PaceStore(ITables tables, TimeProvider clock)
{
    public async Task<Pace> ReadAsync(string tenant, string channel, CancellationToken cancellationToken) =>
        Pace.Read((await RowAsync(tenant, channel, cancellationToken))?.Text("Sent"));

    /// <summary>Waits for this channel's next turn and takes it. False when the minute is full.</summary>
    public async Task<bool> TakeAsync(string tenant, string channel, CancellationToken cancellationToken)
    {
        for (var waitedUntil = DateTimeOffset.MinValue; ;)
        {
            var row = await RowAsync(tenant, channel, cancellationToken);
            var pace = Pace.Read(row?.Text("Sent"));
            var now = clock.GetUtcNow() is var read && read > waitedUntil ? read : waitedUntil;
            if (pace.Room(now) <= 0)
            {
                return false;
            }

            if (pace.FreeAt(now) is var free && free > now)
            {
                await Task.Delay(free - now, clock, cancellationToken);
                waitedUntil = free;
                continue;
            }

            var taken = new TableRow($"{tenant}~pace", channel) { ["V"] = 1, ["Sent"] = pace.With(now).Text };
            var write = row is null ? TableWrite.Insert(taken) : TableWrite.Replace(taken, row.ETag!);
            if ((await tables.WriteAsync(Tables.Channels, write, cancellationToken)).IsDone)
            {
                return true;
            }
        }
    }

    Task<TableRow?> RowAsync(string tenant, string channel, CancellationToken cancellationToken) =>
        tables.GetAsync(Tables.Channels, $"{tenant}~pace", channel, cancellationToken: cancellationToken);
}
