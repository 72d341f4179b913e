using System.Globalization;

namespace Watchdesk.Notices;

/// <summary>The words of a notice, for somebody who is woken by it.</summary>
public static class NoticeText
{
    const int MaxSubject = 160;

    /// <summary>For example "ATTENTION nightly-backup: no success for 25 min, expected by 21:40".</summary>
    public static string Subject(Notice notice)
    {
        ArgumentNullException.ThrowIfNull(notice);
        return Shorten($"{Word(notice)} {notice.Name}: {Clause(notice.Reason)}", MaxSubject);
    }

    /// <summary>The one word that is read first.</summary>
    public static string Word(Notice notice)
    {
        ArgumentNullException.ThrowIfNull(notice);
        return notice.Kind switch
        {
            NoticeKind.Resolved => "RESOLVED",
            NoticeKind.Test => "TEST",
            _ => notice.Level switch { Level.Critical => "ATTENTION", Level.Warning => "WARNING", _ => "INFO" },
        };
    }

    /// <summary>As in CSS; white on each of them has a contrast over 4.5.</summary>
    public static string Color(Notice notice)
    {
        ArgumentNullException.ThrowIfNull(notice);
        return notice.Kind switch
        {
            NoticeKind.Resolved => "#1a6b34",
            NoticeKind.Test => "#31539e",
            _ => notice.Level switch { Level.Critical => "#b3261e", Level.Warning => "#8a5a00", _ => "#31539e" },
        };
    }

    /// <summary>What and since when, as label and text, in reading order.</summary>
    public static IReadOnlyList<(string Label, string Text)> Facts(Notice notice, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(notice);
        var facts = new List<(string, string)>();
        if (notice.Kind is not (NoticeKind.Test or NoticeKind.Digest or NoticeKind.Operation))
        {
            facts.Add((notice.Kind == NoticeKind.Resolved ? "Was open since" : "Since", $"{At(notice.Since)} ({Ago(now - notice.Since)})"));
            if (notice.Kind != NoticeKind.Resolved)
            {
                facts.Add(("Last good", notice.LastGoodAt is { } good ? $"{At(good)} ({Ago(now - good)})" : "not known"));
            }
        }

        if (notice.Host is { Length: > 0 } host)
        {
            facts.Add(("Host", host));
        }

        if (notice.Advice is { Length: > 0 } advice)
        {
            facts.Add(("What to do", advice));
        }

        facts.Add(("Told", notice.Told is { Count: > 0 } told ? string.Join(", ", told) : "only you"));
        return facts;
    }

    /// <summary>UTC to the minute, as the desk writes it.</summary>
    public static string At(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>For example "25 min ago".</summary>
    public static string Ago(TimeSpan span) => span < TimeSpan.FromSeconds(5) ? "just now" : Span(span) + " ago";

    /// <summary>The largest unit that says something, and the next when it helps: 45 s, 25 min, 3 h 10 min, 2 d 4 h.</summary>
    public static string Span(TimeSpan span)
    {
        var text = span switch
        {
            { TotalSeconds: < 60 } => $"{(int)span.TotalSeconds} s",
            { TotalMinutes: < 60 } => $"{(int)span.TotalMinutes} min",
            { TotalHours: < 24 } => $"{(int)span.TotalHours} h{(span.Minutes == 0 ? "" : $" {span.Minutes} min")}",
            _ => $"{(int)span.TotalDays} d{(span.Hours == 0 ? "" : $" {span.Hours} h")}",
        };
        return text;
    }

    /// <summary>Never cuts a character in two.</summary>
    public static string Shorten(string text, int max)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length <= max)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[max - 2]) ? max - 2 : max - 1;
        return text[..end] + "…";
    }

    /// <summary>A sentence as the second half of another: no final stop, small first letter unless it is a name.</summary>
    static string Clause(string sentence)
    {
        var text = sentence.TrimEnd('.', ' ').Replace("; ", ", ", StringComparison.Ordinal);
        return text.Length > 1 && char.IsUpper(text[0]) && char.IsLower(text[1]) ? char.ToLowerInvariant(text[0]) + text[1..] : text;
    }
}
