using System.Globalization;
using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Schedules;

namespace Watchdesk.Notices;

/// <summary>A channel that gets a notice, and why.</summary>
public sealed record Recipient(string Channel, string Kind, string Name, string Reason)
{
    /// <summary>It waits until then since its reader wants it so.</summary>
    public DateTimeOffset? NotBefore { get; init; }
}

/// <summary>The table whose changes the outbox rows are written with, in the partition of the tenant.</summary>
public sealed record OutboxHome(string Table);

/// <summary>What one change of an incident owes: lines of its history, and a notice to some channels.</summary>
public sealed record OutboxEntry(NoticeKey Key, IReadOnlyList<HistoryEntry> History, Notice? Notice, IReadOnlyList<Recipient> Recipients);

/// <summary>Hears what an outbox row says before the row goes; hearing it again must change nothing.</summary>
public delegate Task NoteStory(string tenant, IReadOnlyList<OutboxEntry> entries, CancellationToken cancellationToken);

/// <summary>
/// The transactional outbox. The order is what makes it safe: a due row first, then the change of the incident together
/// with the outbox row in one transaction, then history and notices with ids of their own, then a message, and the outbox
/// row goes last. Whatever is left when a process dies, the due row does again.
/// </summary>
public sealed partial class Outbox(ITables tables, DueIndex due, IMessageSender messages, HistoryStore history, NoticeStore notices, OutboxHome home, ILogger<Outbox> log, NoteStory? note = null)
{
    public const string DueKind = "notice";
    public const string Queue = "notices";
    const string Prefix = "n~";

    /// <summary>Time for the quick way, by message; then the due row looks.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Before the change is written.</summary>
    public Task AnnounceAsync(string tenant, IReadOnlyList<OutboxEntry> entries, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return entries.Count == 0
            ? Task.CompletedTask
            : due.AddAsync([.. entries.SelectMany(entry => Looks(entry, now).Select(at => new DueItem(DueKind, tenant, entry.Key.Text, at)))], now, cancellationToken);
    }

    static IEnumerable<DateTimeOffset> Looks(OutboxEntry entry, DateTimeOffset now) =>
        entry.Recipients.Select(recipient => recipient.NotBefore).OfType<DateTimeOffset>().Distinct().Prepend(now + Patience);

    /// <summary>The row that goes into the transaction of the change, in the partition of the tenant's incidents.</summary>
    public static TableWrite Write(string tenant, OutboxEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var row = new TableRow(tenant, Prefix + entry.Key.Text)
        {
            ["V"] = 1,
            ["History"] = JsonSerializer.SerializeToUtf8Bytes(Bounded(entry.History), NoticesJson.Compact.IReadOnlyListHistoryEntry),
            ["Recipients"] = JsonSerializer.SerializeToUtf8Bytes(entry.Recipients, NoticesJson.Compact.IReadOnlyListRecipient),
        };
        row["Notice"] = entry.Notice is null ? null : JsonSerializer.SerializeToUtf8Bytes(entry.Notice, NoticesJson.Compact.Notice);
        return TableWrite.Insert(row);
    }

    /// <summary>After the change is written: history, notices, message. May be repeated at any time.</summary>
    public async Task ExpandAsync(string tenant, IReadOnlyList<OutboxEntry> entries, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entries);
        foreach (var entry in entries)
        {
            await history.AddAsync(tenant, entry.Key, entry.History, cancellationToken);
            await notices.AddAsync(tenant, entry, cancellationToken);
        }

        await CallAsync(tenant, [.. entries.Where(entry => entry.Recipients.Count > 0).Select(entry => entry.Key.Text)], now, cancellationToken);
        await (note?.Invoke(tenant, entries, cancellationToken) ?? Task.CompletedTask);
        foreach (var chunk in entries.Chunk(100))
        {
            await ForgetAsync(tenant, chunk, cancellationToken);
        }
    }

    /// <summary>Does again what a process left behind when it died.</summary>
    public async Task FinishAsync(string tenant, NoticeKey key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (await tables.GetAsync(home.Table, tenant, Prefix + key.Text, cancellationToken: cancellationToken) is { } row)
        {
            await ExpandAsync(tenant, [Read(key, row)], now, cancellationToken);
        }
    }

    static IReadOnlyList<HistoryEntry> Bounded(IReadOnlyList<HistoryEntry> history) =>
        [.. history.Select(entry => entry with { Text = NoticeText.Shorten(entry.Text, HistoryEntry.MaxText) })];

    static OutboxEntry Read(NoticeKey key, TableRow row) => new(
        key,
        JsonSerializer.Deserialize(row.Bytes("History"), NoticesJson.Compact.IReadOnlyListHistoryEntry) ?? [],
        row.Bytes("Notice") is { } notice ? JsonSerializer.Deserialize(notice, NoticesJson.Compact.Notice) : null,
        JsonSerializer.Deserialize(row.Bytes("Recipients"), NoticesJson.Compact.IReadOnlyListRecipient) ?? []);

    /// <summary>Asks the senders to look at these notices.</summary>
    public async Task CallAsync(string tenant, IReadOnlyList<string> keys, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var chunk in keys.Chunk(500))
            {
                var items = JsonSerializer.SerializeToUtf8Bytes(chunk, NoticesJson.Default.IReadOnlyListString);
                var body = Envelope.Write(DueKind, tenant, RequestId.Current ?? Keys.NewId(now), System.Diagnostics.Activity.Current?.Id, items);
                await messages.SendAsync(Queue, body, string.Create(CultureInfo.InvariantCulture, $"{chunk[0]}-{now.ToUnixTimeMilliseconds()}"), cancellationToken);
            }
        }
        catch (RemoteCallException e)
        {
            // Everything is stored; the due rows call again one tick later.
            Log.NotCalled(log, e.Message);
        }
    }

    async Task ForgetAsync(string tenant, IReadOnlyList<OutboxEntry> entries, CancellationToken cancellationToken)
    {
        var result = await tables.WriteAsync(home.Table, [.. entries.Select(Delete)], cancellationToken);
        if (!result.IsDone && entries.Count > 1)
        {
            foreach (var entry in entries)
            {
                await tables.WriteAsync(home.Table, Delete(entry), cancellationToken);
            }
        }

        TableWrite Delete(OutboxEntry entry) => TableWrite.Delete(tenant, Prefix + entry.Key.Text);
    }

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The senders were not called, the next tick does it: {Reason}")]
        public static partial void NotCalled(ILogger log, string reason);
    }
}
