using System.Buffers;
using System.Text.Json;

namespace Watchdesk.Heartbeats;

/// <summary>
/// A run event as it travels in the queue <c>inbox</c> and stands in the event log: an object with short names,
/// absent when null. <c>e</c> event id, <c>j</c> job id, <c>k</c> kind, <c>t</c> at, <c>r</c> received at, <c>i</c> run id,
/// <c>s</c> scheduled at, <c>n</c> next at, <c>d</c> duration, <c>x</c> exit status, <c>h</c> host, <c>m</c> message,
/// <c>b</c> blob of the message, <c>a</c> clock ahead. Times are Unix milliseconds.
/// </summary>
public static class InboxItem
{
    public const string Kind = "runs";

    /// <summary>The end of the year 9999 in Unix milliseconds; no instant or duration is above it.</summary>
    internal const long Latest = 253_402_300_799_999;

    static readonly string[] KindNames = ["start", "success", "fail", "misfire", "log", "lost"];

    public static string NameOf(RunEventKind kind) => KindNames[(int)kind];

    public static void Write(Utf8JsonWriter json, RunEvent e, string? messageBlob = null)
    {
        json.WriteStartObject();
        json.WriteString("e"u8, e.Id);
        json.WriteString("j"u8, e.Job);
        json.WriteNumber("k"u8, (int)e.Kind);
        json.WriteNumber("t"u8, e.At);
        json.WriteNumber("r"u8, e.ReceivedAt);
        Text("i"u8, e.RunId);
        Number("s"u8, e.ScheduledAt);
        Number("n"u8, e.NextAt);
        Number("d"u8, e.Duration);
        Number("x"u8, e.ExitStatus);
        Text("h"u8, e.Host);
        Text("m"u8, messageBlob is null ? e.Message : null);
        Text("b"u8, messageBlob);
        if (e.IsClockAhead)
        {
            json.WriteBoolean("a"u8, true);
        }

        json.WriteEndObject();

        void Text(ReadOnlySpan<byte> name, string? value)
        {
            if (value is not null)
            {
                json.WriteString(name, value);
            }
        }

        void Number(ReadOnlySpan<byte> name, long? value)
        {
            if (value is { } number)
            {
                json.WriteNumber(name, number);
            }
        }
    }

    public static ReadOnlyMemory<byte> ToJson(RunEvent e, string? messageBlob = null)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(json, e, messageBlob);
        }

        return buffer.WrittenMemory;
    }

    /// <exception cref="FormatException">Not such an item.</exception>
    public static RunEvent Read(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object
            || Text(item, "e"u8) is not { } id || Text(item, "j"u8) is not { } job || !JobStore.IsId(job)
            || Number(item, "k"u8) is not (>= 0 and <= (int)RunEventKind.Lost and var kind)
            || Number(item, "t"u8) is not { } at || Number(item, "r"u8) is not { } receivedAt)
        {
            throw new FormatException("An item of the message is not a run event.");
        }

        return new RunEvent(
            id, job, (RunEventKind)kind, at, receivedAt, Text(item, "i"u8), Number(item, "s"u8), Number(item, "n"u8), Number(item, "d"u8),
            (int?)Number(item, "x"u8), Text(item, "h"u8), Text(item, "m"u8), item.TryGetProperty("a"u8, out _), item.TryGetProperty("b"u8, out _));
    }

    static string? Text(JsonElement item, ReadOnlySpan<byte> name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static long? Number(JsonElement item, ReadOnlySpan<byte> name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number is >= 0 and <= Latest ? number : null;
}
