using System.Globalization;
using System.Text;

namespace Watchdesk.Operations.Escalations;

/// <summary>Shifts as RFC 5545 has them.</summary>
static class OnCallCalendar
{
    const int LineOctets = 75;

    /// <param name="name">Of a person's id, as people know the person.</param>
    public static string Of(string title, IReadOnlyList<Shift> shifts, Func<string, string> name, DateTimeOffset now)
    {
        string[] head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Watchdesk//On call//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH", "NAME:" + Escape(title), "X-WR-CALNAME:" + Escape(title), "REFRESH-INTERVAL;VALUE=DURATION:PT1H"];
        var events = shifts.SelectMany(shift => new[]
        {
            "BEGIN:VEVENT",
            string.Create(CultureInfo.InvariantCulture, $"UID:{shift.From.ToUnixTimeSeconds()}-{shift.User}@watchdesk"),
            "DTSTAMP:" + At(now),
            "DTSTART:" + At(shift.From),
            "DTEND:" + At(shift.Until),
            "SUMMARY:" + Escape($"On call: {name(shift.User)}{(shift.IsOverride ? " (instead)" : "")}"),
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        });
        var text = new StringBuilder();
        foreach (var line in head.Concat(events).Append("END:VCALENDAR"))
        {
            Fold(text, line);
        }

        return text.ToString();
    }

    static string At(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Other control characters have no place in a text at all.</summary>
    static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text.ReplaceLineEndings("\n"))
        {
            escaped.Append(c switch { '\\' => "\\\\", ';' => "\\;", ',' => "\\,", '\n' => "\\n", _ when char.IsControl(c) => "", _ => c.ToString() });
        }

        return escaped.ToString();
    }

    /// <summary>Never within a character.</summary>
    static void Fold(StringBuilder text, string line)
    {
        var octets = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > LineOctets)
            {
                text.Append("\r\n ");
                octets = 1;
            }

            text.Append(rune.ToString());
            octets += rune.Utf8SequenceLength;
        }

        text.Append("\r\n");
    }
}
