using Watchdesk.Incidents;
using Watchdesk.Schedules;

namespace Watchdesk.Mail;

/// <summary>
/// The tags of one text, read in one pass over its colons. Case is of no matter, nor is space within a schedule, organisation or server tag.
/// What is nearly a tag is reported with what to write instead.
/// </summary>
sealed class TagScan
{
    const int MaxTag = 300;
    const int MaxOrg = 200;
    const int MaxOrgLevels = 20;

    static readonly string[] NearWords =
        ["inf", "information", "informational", "notice", "warning", "warnings", "wrn", "crit", "critcal", "critial", "ciritcal", "error", "err", "fatal", "severe", "emergency", "alert"];

    readonly string _text;
    readonly bool _isSubject;

    TagScan(string text, bool isSubject) => (_text, _isSubject) = (text, isSubject);

    public Severity? Severity { get; private set; }

    public List<CountSchedule> Schedules { get; } = [];

    public List<string> Orgs { get; } = [];

    public List<string> Servers { get; } = [];

    public List<string> LooksLike { get; } = [];

    public static TagScan Of(string text, bool isSubject)
    {
        var scan = new TagScan(text, isSubject);
        for (var at = text.IndexOf(':', StringComparison.Ordinal); at >= 0; at = at + 1 < text.Length ? text.IndexOf(':', at + 1) : -1)
        {
            at = scan.Read(at);
        }

        return scan;
    }

    /// <summary>Where the tag at this colon ends: on its closing colon, or on the colon itself when there is none.</summary>
    int Read(int colon)
    {
        if (colon > 0 && char.IsLetterOrDigit(_text[colon - 1]))
        {
            Unopened(colon);
            return colon;
        }

        return ReadTag(colon);
    }

    int ReadTag(int colon)
    {
        var cursor = new TagCursor(_text, colon + 1, Math.Min(_text.Length, colon + MaxTag));
        var isSpaced = cursor.SkipSpace();
        var word = cursor.Word();
        return word switch
        {
            "info" or "warn" or "critical" => ReadSeverity(colon, word, isSpaced, cursor),
            "org" => ReadOrg(colon, cursor),
            "svr" or "srv" or "server" or "host" => ReadServer(colon, word, isSpaced, cursor),
            _ when word.StartsWith("sched", StringComparison.Ordinal) => ReadSchedule(colon, isSpaced, cursor),
            _ when !isSpaced && NearWords.Contains(word, StringComparer.Ordinal) && cursor.Take(':') => Near(colon, cursor.At, Advice(word), cursor.At - 1),
            _ => colon,
        };
    }

    int ReadSeverity(int colon, string word, bool isSpaced, TagCursor cursor)
    {
        var isPadded = cursor.SkipSpace();
        if (cursor.Take(':') && !isSpaced && !isPadded)
        {
            var found = word switch { "info" => Incidents.Severity.Info, "warn" => Incidents.Severity.Warning, _ => Incidents.Severity.Critical };
            Severity = Severity > found ? Severity : found;
            return cursor.At - 1;
        }

        // "state: critical: …" and ": info" stand in many a text; only what was meant for us is worth a note.
        var isMeant = !isSpaced && (isPadded || cursor.IsAtEnd || !char.IsLetterOrDigit(_text[cursor.At]));
        return isMeant ? Near(colon, cursor.At, $"write :{word}:", colon) : colon;
    }

    int ReadOrg(int colon, TagCursor cursor)
    {
        cursor.SkipSpace();
        if (!cursor.Take(':'))
        {
            return colon;
        }

        cursor.SkipSpace();
        var path = cursor.TakeWhile(IsOfOrg).ToLowerInvariant();
        cursor.SkipSpace();
        var isGood = IsOrg(path);
        if (isGood && cursor.Take(':'))
        {
            Orgs.Add(path);
            return cursor.At - 1;
        }

        return Near(colon, cursor.At, isGood ? "close it with a colon, as in :org:shop.payments:" : "write levels between dots, as in :org:shop.payments:", colon);
    }

    int ReadServer(int colon, string word, bool isSpaced, TagCursor cursor)
    {
        cursor.SkipSpace();
        if (!cursor.Take(':'))
        {
            return colon;
        }

        cursor.SkipSpace();
        var name = cursor.TakeWhile(IsOfHost).TrimEnd('.').ToLowerInvariant();
        if (word != "svr" || !IsHost(name))
        {
            return isSpaced || (word != "svr" && name.Length == 0) ? colon : Near(colon, cursor.At, word == "svr" ? "write a host name, as in :svr:db1.example.org" : "write :svr: and a host name, as in :svr:db1.example.org", colon);
        }

        Servers.Add(name);
        // A colon after the name closes it, or in ":svr:db1.example.org:info:" opens the next tag.
        return cursor.Take(':') ? ReadTag(cursor.At - 1) : cursor.At - 1;
    }

    int ReadSchedule(int colon, bool isSpaced, TagCursor cursor)
    {
        var isMeant = !isSpaced && cursor.LastWord is "sched" or "schedule";
        var tag = ScheduleScan.Read(ref cursor, out var advice);
        if (tag is null)
        {
            return !isMeant ? colon : Near(colon, cursor.ToEndOfWord(), advice, colon);
        }

        Schedules.Add(tag);
        return cursor.At - 1;
    }

    /// <summary>A tag whose first colon is missing: the one here would close it.</summary>
    void Unopened(int colon)
    {
        var start = colon;
        while (start > 0 && colon - start < 40 && (char.IsLetterOrDigit(_text[start - 1]) || _text[start - 1] is '-' or '/'))
        {
            start--;
        }

        var word = _text[start..colon].ToLowerInvariant();
        var isTag = word.StartsWith("sched-per", StringComparison.Ordinal)
            || (word is "org" or "svr" && colon + 1 < _text.Length && char.IsLetterOrDigit(_text[colon + 1]))
            || (_isSubject && word is "info" or "warn" or "critical");
        if (isTag && (start == 0 || char.IsWhiteSpace(_text[start - 1]) || _text[start - 1] is '(' or '[' or '"' or '>'))
        {
            Near(start, colon + 1, $"write a colon before it, as in :{word}:", colon);
        }
    }

    int Near(int from, int to, string advice, int end)
    {
        if (LooksLike.Count < MailTags.MaxNotes)
        {
            LooksLike.Add($"{_text[from..Math.Min(to, from + 60)].Trim()} looks like a tag: {advice}.");
        }

        return end;
    }

    static string Advice(string near) => near[0] switch
    {
        'i' or 'n' => "write :info:",
        'w' => "write :warn:",
        'c' => "write :critical:",
        _ => "write :critical: or :warn:",
    };

    /// <param name="path">In lower case.</param>
    public static bool IsOrg(string path) =>
        path.Length <= MaxOrg && path.All(IsOfOrg) && path.Split('.') is { Length: <= MaxOrgLevels } levels && levels.All(level => level.Length > 0);

    /// <param name="name">In lower case.</param>
    public static bool IsHost(string name) =>
        name.All(IsOfHost) && name.Length is > 0 and <= 253 && name.Split('.').All(label => label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-');

    static bool IsOfOrg(char c) => char.IsLetterOrDigit(c) || c is '.' or '-' or '_';

    static bool IsOfHost(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_';
}
