using System.Text;
using System.Text.RegularExpressions;
using Watchdesk.Clients;

namespace Watchdesk.Mail;

/// <summary>
/// Which series a mail belongs to: its sender's address, and its subject without tags and without what changes from mail to
/// mail. Numbers (also with a unit), dates, times, names of days and months, ids and tickets become <c>#</c>; words about how it went
/// (ok, failed …) become <c>*</c>, so that a failed backup counts as a backup. Host names and IP addresses stay: a mail
/// of another host is another series.
/// </summary>
/// <param name="Name">The subject without tags, as people read it.</param>
/// <param name="Template">What all subjects of the series share, in lower case.</param>
public sealed partial record SeriesKey(string Id, string Sender, string Name, string Template)
{
    const int MaxTemplate = 300;
    const string NoSubject = "(no subject)";

    static readonly HashSet<string> Days = new(
        [
            "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "january", "february", "march", "april", "june", "july", "august",
            "september", "october", "november", "december", "am", "pm", "utc", "gmt", "cet", "cest", "today", "yesterday",
        ],
        StringComparer.Ordinal);

    public static SeriesKey Of(string sender, string subject)
    {
        var address = sender.Trim().ToLowerInvariant();
        var name = Spaces().Replace(Answers().Replace(Tags().Replace(subject, " "), ""), " ").Trim();
        var template = TemplateOf(name) is { Length: > 0 } shared ? shared : NoSubject;
        return new SeriesKey(Keys.Hash($"{address}\n{template}"), address, name.Length > 0 ? name : NoSubject, template);
    }

    /// <summary>What people read of a text.</summary>
    public static string WithoutTags(string text) => Spaces().Replace(Tags().Replace(text, " "), " ").Trim();

    /// <summary>An expression that matches the subjects of its series: what changes from mail to mail is <c>.*</c>. Empty when all of it changes.</summary>
    public static string PatternOf(string name)
    {
        var pattern = new StringBuilder();
        foreach (Match part in Parts().Matches(name))
        {
            var word = part.Value.ToLowerInvariant().TrimEnd('.', '-', '/', ':');
            var isWord = word.Length > 0 && char.IsLetterOrDigit(word[0]);
            var stays = isWord && MailWords.Of(word) == MailWord.Other && !IsChanging(word);
            pattern.Append(!isWord || stays ? Regex.Escape(part.Value).Replace("\\ ", " ", StringComparison.Ordinal).Replace("\\#", "#", StringComparison.Ordinal) : ".*");
        }

        var text = Wildcards().Replace(pattern.ToString(), ".*");
        return text.Any(char.IsLetter) ? text : "";
    }

    static string TemplateOf(string name)
    {
        var template = new StringBuilder();
        var isChanging = false;
        foreach (Match part in Parts().Matches(name))
        {
            var word = part.Value.ToLowerInvariant().TrimEnd('.', '-', '/', ':');
            var rest = part.Value[word.Length..];
            if (word.Length == 0 || !char.IsLetterOrDigit(word[0]))
            {
                // Between two numbers it is part of one, as in a date.
                template.Append(isChanging ? "" : part.Value);
                continue;
            }

            var sign = MailWords.Of(word) != MailWord.Other ? "*" : IsChanging(word) ? "#" : null;
            if (sign == "#" && isChanging)
            {
                continue;
            }

            template.Append(isChanging ? " " : "").Append(sign ?? word).Append(sign is null ? rest : "");
            isChanging = sign == "#";
        }

        var text = Spaces().Replace(template.ToString(), " ").Trim();
        return text.Length <= MaxTemplate ? text : text[..MaxTemplate];
    }

    static bool IsChanging(string word)
    {
        if (Days.Contains(word))
        {
            return true;
        }

        var digits = word.Count(char.IsAsciiDigit);
        if (digits == 0 || IpAddress().IsMatch(word))
        {
            return false;
        }

        // 2026-11-20, 98%, 12gb, 3/5; a1b2c3d4 and uuids; INC0012345. But db1, raid5 and web-01.example.org are names.
        return char.IsAsciiDigit(word[0]) || HexId().IsMatch(word) || Ticket().IsMatch(word);
    }

    [GeneratedRegex(@":\s{0,3}(info|warn|critical)\s{0,3}:|:\s{0,3}sched\s{0,3}-\s{0,3}per[a-z]{1,5}\s{0,3}-\s{0,3}\d{1,9}\s{0,3}(/\s{0,3}\d{1,9}\s{0,3})?:?|:\s{0,3}org\s{0,3}:[^:\s]{0,200}:?|:\s{0,3}svr\s{0,3}:\s{0,3}[A-Za-z0-9._-]{0,253}:?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Tags();

    [GeneratedRegex(@"^\s*((re|fw|fwd|aw|wg)\s*:\s*)+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Answers();

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Spaces();

    [GeneratedRegex(@"[\p{L}\p{N}][\p{L}\p{N}._:/%+-]*|[^\p{L}\p{N}]+", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Parts();

    [GeneratedRegex(@"\.\*([^\p{L}\p{N}.*]{0,5}\.\*)+", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Wildcards();

    [GeneratedRegex(@"^\d{1,3}(\.\d{1,3}){3}$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex IpAddress();

    [GeneratedRegex(@"^([0-9a-f]{8,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex HexId();

    [GeneratedRegex(@"^[a-z]{1,6}-?\d{5,}$", RegexOptions.NonBacktracking)]
    private static partial Regex Ticket();
}
