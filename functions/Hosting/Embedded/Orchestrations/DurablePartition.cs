using Google.Protobuf;
using Watchdesk.Clients;
using Watchdesk.Hosting.Durable.Wire;

namespace Watchdesk.Hosting.Embedded.Orchestrations;

/// <summary>Something that waits for the next turn.</summary>
sealed record Arrival(string RowKey, DateTimeOffset At, HistoryEvent Event);

/// <summary>All rows of one instance.</summary>
/// <param name="Outbox">Row keys and actions of turns whose actions are not all carried out.</param>
/// <param name="LateRows">Rows of earlier generations.</param>
sealed record DurablePartition(
    DurableInstance Instance,
    IReadOnlyList<HistoryEvent> History,
    IReadOnlyList<Arrival> Inbox,
    IReadOnlyList<(string RowKey, OrchestratorResponse Turn)> Outbox,
    IReadOnlyList<string> LateRows)
{
    public bool IsIdle => Inbox.Count == 0 && Outbox.Count == 0 && LateRows.Count == 0;

    /// <summary>Null when there is no such instance.</summary>
    /// <param name="known">The history before these rows.</param>
    public static DurablePartition? Read(IReadOnlyList<TableRow> rows, KnownHistory? known = null)
    {
        if (rows.FirstOrDefault(row => row.RowKey == DurableInstance.RowKey) is not { } first)
        {
            return null;
        }

        var instance = DurableInstance.Read(first);
        var (history, inbox, outbox, late) = (new List<HistoryEvent>(known?.Events ?? []), new List<Arrival>(), new List<(string, OrchestratorResponse)>(), new List<string>());
        foreach (var row in rows)
        {
            if (DurableKeys.IsLate(row.RowKey, instance.ExecutionId))
            {
                late.Add(row.RowKey);
            }
            else if (row.RowKey.StartsWith(DurableKeys.History, StringComparison.Ordinal))
            {
                history.AddRange(OrchestratorRequest.Parser.ParseFrom(Pieces.Get(row, 'P')).PastEvents);
            }
            else if (row.RowKey.StartsWith(DurableKeys.Inbox, StringComparison.Ordinal))
            {
                inbox.Add(new Arrival(row.RowKey, row.Time("At") ?? default, HistoryEvent.Parser.ParseFrom(Pieces.Get(row, 'P'))));
            }
            else if (row.RowKey.StartsWith(DurableKeys.Outbox, StringComparison.Ordinal))
            {
                outbox.Add((row.RowKey, OrchestratorResponse.Parser.ParseFrom(Pieces.Get(row, 'P'))));
            }
        }

        return new DurablePartition(instance, history, [.. inbox.OrderBy(arrival => arrival.At).ThenBy(arrival => arrival.RowKey, StringComparer.Ordinal)], outbox, late);
    }

    public static TableRow ArrivalRow(string instance, Arrival arrival)
    {
        var row = new TableRow(instance, arrival.RowKey) { ["V"] = 1, ["At"] = arrival.At };
        Pieces.Set(row, 'P', arrival.Event.ToByteArray());
        return row;
    }

    public static IEnumerable<TableRow> HistoryRows(DurableInstance instance, IReadOnlyList<HistoryEvent> events) =>
        InRows(events, group => new OrchestratorRequest { PastEvents = { group } }).Select((bytes, part) => Row(instance.Id, DurableKeys.HistoryRow(instance.ExecutionId, instance.Turns, part), bytes));

    public static IEnumerable<TableRow> OutboxRows(DurableInstance instance, IReadOnlyList<OrchestratorAction> actions) =>
        InRows(actions, group => new OrchestratorResponse { Actions = { group } }).Select((bytes, part) => Row(instance.Id, DurableKeys.OutboxRow(instance.Turns, part), bytes));

    static TableRow Row(string instance, string key, byte[] bytes)
    {
        var row = new TableRow(instance, key) { ["V"] = 1 };
        Pieces.Set(row, 'P', bytes);
        return row;
    }

    static IEnumerable<byte[]> InRows<T>(IReadOnlyList<T> messages, Func<List<T>, IMessage> pack)
        where T : IMessage
    {
        var (group, size) = (new List<T>(), 0);
        foreach (var message in messages)
        {
            var bytes = message.CalculateSize() + 8;
            if (group.Count > 0 && size + bytes > Pieces.MaxBytes)
            {
                yield return pack(group).ToByteArray();
                (group, size) = ([], 0);
            }

            group.Add(message);
            size += bytes;
        }

        if (group.Count > 0)
        {
            yield return pack(group).ToByteArray();
        }
    }
}
