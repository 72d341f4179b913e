using System.Globalization;
using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Heartbeats;
using Watchdesk.Hosting;

namespace Watchdesk.Metrics;

/// <summary>A point as a sender wrote it, or why it is refused.</summary>
public readonly record struct SentPoint(Point? Point, string? Problem);

/// <summary>
/// Reads points, <c>{"name","namespace"?,"at"?,"value","dimensions"?:{…}}</c>, from a JSON array or from lines of JSON. A bad
/// one is refused by itself.
/// </summary>
public static class PointReader
{
    public const int MaxPoints = 10_000;

    /// <summary>As long as metrics are kept.</summary>
    public static readonly TimeSpan Oldest = MetricRetention.Keep;

    /// <exception cref="FormatException">The body is neither an array nor lines of JSON, or holds too many points.</exception>
    public static List<SentPoint> ReadAll(ReadOnlySpan<byte> body, DateTimeOffset now) =>
        JsonLines.Read(body, MaxPoints, (ref Utf8JsonReader reader) => Read(ref reader, now), reason => new SentPoint(null, reason));

    /// <summary>The instant that counts, or why the point is refused: the sender's, or that of receipt when none was told or the sender's clock is a little ahead.</summary>
    internal static (long At, string? Problem) TimeOf(long? at, string member, DateTimeOffset now)
    {
        var receivedAt = now.ToUnixTimeMilliseconds();
        return at switch
        {
            null => (receivedAt, null),
            _ when at > receivedAt + RunEvent.ClockToleranceMilliseconds => (0, $"{member} is more than 5 min ahead: it is {now.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC here. Set the sender's clock, or leave it out."),
            _ when at < receivedAt - Oldest.TotalMilliseconds => (0, $"{member} is more than {Oldest.TotalDays:0} d ago; points are kept so long. Left out it is the time of receipt."),
            _ => (Math.Min(at.Value, receivedAt), null),
        };
    }

    static SentPoint Read(ref Utf8JsonReader reader, DateTimeOffset now)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return new SentPoint(null, "A point is a JSON object.");
        }

        var fields = new Fields();
        string? problem = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var depth = reader.CurrentDepth;
            string? wrong;
            try
            {
                wrong = fields.Take(ref reader);
            }
            catch (InvalidOperationException)
            {
                wrong = "A text of the point is no valid UTF-8, or has an escape that is half a character.";
            }

            problem ??= wrong;
            LeaveMember(ref reader, depth);
        }

        return problem is null ? fields.ToPoint(now) : new SentPoint(null, problem);
    }

    /// <summary>Wherever a bad member was left, goes on to its end.</summary>
    static void LeaveMember(ref Utf8JsonReader reader, int depth)
    {
        if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == depth)
        {
            reader.Read();
        }

        if (reader.CurrentDepth == depth)
        {
            reader.Skip();
        }

        while (reader.CurrentDepth > depth && reader.Read())
        {
        }
    }

    struct Fields
    {
        string? _name;
        string? _namespace;
        long? _at;
        double? _value;
        string? _dimensions;

        /// <summary>What is wrong with the member; null when it was taken.</summary>
        public string? Take(ref Utf8JsonReader reader)
        {
            var member = reader.GetString()!;
            reader.Read();
            switch (member)
            {
                case "name":
                    _name = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                    return MetricKey.IsName(_name) ? null : $"name must be a text of 1 to {MetricKey.MaxName} characters without spaces.";
                case "namespace":
                    _namespace = reader.TokenType == JsonTokenType.String ? reader.GetString() : reader.TokenType == JsonTokenType.Null ? "" : "\0";
                    return MetricKey.IsNamespace(_namespace!) ? null : $"namespace must be a text of at most {MetricKey.MaxName} characters without control characters.";
                case "at":
                    return TakeTime(ref reader);
                case "value":
                    _value = reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) && Math.Abs(value) <= Sketch.MaxValue ? value : null;
                    return _value is null ? string.Create(CultureInfo.InvariantCulture, $"value must be a number between -{Sketch.MaxValue} and {Sketch.MaxValue}.") : null;
                case "dimensions":
                    return TakeDimensions(ref reader);
                default:
                    return $"There is no member \"{(member.Length <= 50 ? member : member[..50] + "…")}\".";
            }
        }

        string? TakeTime(ref Utf8JsonReader reader)
        {
            if (reader.TokenType == JsonTokenType.Null)
            {
                return null;
            }

            if (reader.TokenType != JsonTokenType.String || !reader.TryGetDateTimeOffset(out var time))
            {
                return "at must be a time, ISO 8601 with its zone.";
            }

            _at = time.ToUnixTimeMilliseconds();
            return null;
        }

        string? TakeDimensions(ref Utf8JsonReader reader)
        {
            const string Wrong = "dimensions must be an object of at most 16 texts, numbers or flags, with names up to 64 and values up to 128 characters.";
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return reader.TokenType == JsonTokenType.Null ? null : Wrong;
            }

            var pairs = new List<KeyValuePair<string, string>>();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName && pairs.Count <= Metrics.Dimensions.Most)
            {
                var name = reader.GetString()!;
                reader.Read();
                if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False))
                {
                    return Wrong;
                }

                pairs.Add(KeyValuePair.Create(name, reader.TokenType == JsonTokenType.String ? reader.GetString()! : System.Text.Encoding.UTF8.GetString(reader.ValueSpan)));
            }

            _dimensions = Metrics.Dimensions.Canonical(pairs);
            return _dimensions is null ? Wrong : null;
        }

        public readonly SentPoint ToPoint(DateTimeOffset now)
        {
            if (_name is null || _value is not { } value)
            {
                return new SentPoint(null, $"{(_name is null ? "name" : "value")} is missing.");
            }

            var (at, problem) = TimeOf(_at, "at", now);
            return problem is null
                ? new SentPoint(new Point(Keys.NewId(now), _namespace ?? "", _name, at, now.ToUnixTimeMilliseconds(), _dimensions ?? Metrics.Dimensions.None, value), null)
                : new SentPoint(null, problem);
        }
    }
}
