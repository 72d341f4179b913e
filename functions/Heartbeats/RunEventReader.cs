using System.Text.Json;

namespace Watchdesk.Heartbeats;

/// <summary>A run event as a sender wrote it; the job is still an id or slug.</summary>
/// <param name="Problem">Why it is refused; null when it is good.</param>
public readonly record struct SentEvent(RunEvent? Event, string? Problem);

/// <summary>
/// Reads run events, <c>{"job","runId"?,"kind","at"?,"scheduledAt"?,"nextAt"?,"duration"?,"exitStatus"?,"host"?,"message"?}</c>,
/// from a JSON array or from lines of JSON. A bad one is refused by itself.
/// </summary>
public static class RunEventReader
{
    public const int MaxEvents = 10_000;

    /// <exception cref="FormatException">The body is neither an array nor lines of JSON, or holds too many events.</exception>
    public static List<SentEvent> ReadAll(ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var start = body.IndexOfAnyExcept(" \t\r\n"u8);
        var events = new List<SentEvent>();
        if (start >= 0 && body[start] == '[')
        {
            ReadArray(body[start..], events, now);
        }
        else
        {
            ReadLines(body, events, now);
        }

        return events;
    }

    static void ReadArray(ReadOnlySpan<byte> body, List<SentEvent> events, DateTimeOffset now)
    {
        var reader = new Utf8JsonReader(body);
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                Bound(events.Count);
                events.Add(Read(ref reader, now));
            }

            reader.Read();
        }
        catch (JsonException problem)
        {
            throw new FormatException($"The body is not a JSON array of events: {problem.Message}", problem);
        }
    }

    static void ReadLines(ReadOnlySpan<byte> body, List<SentEvent> events, DateTimeOffset now)
    {
        foreach (var range in body.Split((byte)'\n'))
        {
            var line = body[range].Trim(" \t\r"u8);
            if (line.Length == 0)
            {
                continue;
            }

            Bound(events.Count);
            try
            {
                var reader = new Utf8JsonReader(line);
                reader.Read();
                var read = Read(ref reader, now);
                events.Add(reader.Read() ? new SentEvent(null, "There is more than one value on the line.") : read);
            }
            catch (JsonException problem)
            {
                events.Add(new SentEvent(null, $"This is not JSON: {problem.Message}"));
            }
        }
    }

    static void Bound(int count)
    {
        if (count >= MaxEvents)
        {
            throw new FormatException($"A request takes at most {MaxEvents} events; send the rest in another one.");
        }
    }

    /// <summary>The reader stands on the first token of the event and is left on its last.</summary>
    static SentEvent Read(ref Utf8JsonReader reader, DateTimeOffset now)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return new SentEvent(null, "An event is a JSON object.");
        }

        var fields = default(SentFields);
        string? problem = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!fields.Take(ref reader, out var wrong))
            {
                problem ??= wrong;
            }
        }

        return problem is null ? fields.ToEvent(now) : new SentEvent(null, problem);
    }
}
