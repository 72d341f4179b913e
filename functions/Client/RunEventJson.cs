using System.Globalization;
using System.Text;

namespace Watchdesk.Client;

/// <summary>Writes one event as one line of JSON (netstandard2.0 brings no JSON writer, and our shape is flat).</summary>
static class RunEventJson
{
    const int MaxMessage = 8_000;
    const int MaxHost = 64;
    const int MaxName = 200;

    static readonly string[] Kinds = ["start", "success", "fail", "misfire", "log"];

    /// <returns>UTF-8 with a line feed at its end.</returns>
    public static byte[] Line(RunEvent e, DateTimeOffset now, string host)
    {
        var json = new StringBuilder(256);
        json.Append('{');
        Text(json, "job", e.Job, MaxName);
        Text(json, "runId", e.RunId, MaxName);
        Raw(json, "kind", Kinds[(int)e.Kind]);
        Time(json, "at", e.At ?? now);
        Time(json, "scheduledAt", e.ScheduledAt);
        if (e.NothingDue)
        {
            Name(json, "nextAt").Append("null");
        }
        else
        {
            Time(json, "nextAt", e.NextAt);
        }

        if (e.Duration is { } duration)
        {
            Raw(json, "duration", (duration < TimeSpan.Zero ? TimeSpan.Zero : duration).ToString("c", CultureInfo.InvariantCulture));
        }

        if (e.ExitStatus is { } status)
        {
            Name(json, "exitStatus").Append(status.ToString(CultureInfo.InvariantCulture));
        }

        Text(json, "host", e.Host ?? host, MaxHost);
        Text(json, "message", e.Message, MaxMessage);
        return Encoding.UTF8.GetBytes(json.Append("}\n").ToString());
    }

    static StringBuilder Name(StringBuilder json, string name)
    {
        if (json.Length > 1)
        {
            json.Append(',');
        }

        return json.Append('"').Append(name).Append("\":");
    }

    static void Raw(StringBuilder json, string name, string value) => Name(json, name).Append('"').Append(value).Append('"');

    static void Time(StringBuilder json, string name, DateTimeOffset? at)
    {
        if (at is { } value)
        {
            Raw(json, name, value.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        }
    }

    static void Text(StringBuilder json, string name, string? value, int limit)
    {
        if (string.IsNullOrEmpty(value))
        {
            return;
        }

        Name(json, name).Append('"');
        var length = Math.Min(value!.Length, limit);
        for (var i = 0; i < length; i++)
        {
            var c = value[i];
            if (char.IsHighSurrogate(c) && i + 1 < length && char.IsLowSurrogate(value[i + 1]))
            {
                json.Append(c).Append(value[++i]);
            }
            else
            {
                Escape(json, c);
            }
        }

        json.Append('"');
    }

    static void Escape(StringBuilder json, char c)
    {
        switch (c)
        {
            case '"' or '\\':
                json.Append('\\').Append(c);
                break;
            case '\n':
                json.Append("\\n");
                break;
            case < ' ':
                json.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
                break;
            default:
                json.Append(char.IsSurrogate(c) ? '\uFFFD' : c);
                break;
        }
    }
}
