using System.Text.Json;
using Watchdesk.Hosting;

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
    public static List<SentEvent> ReadAll(ReadOnlySpan<byte> body, DateTimeOffset now) =>
        JsonLines.Read(body, MaxEvents, (ref Utf8JsonReader reader) => Read(ref reader, now), reason => new SentEvent(null, reason));

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
