using Watchdesk.Heartbeats;

namespace Watchdesk.Mail;

public enum MailWord
{
    Other,
    Start,
    Success,
    Fail,
}

/// <summary>Words that say how it went, for mails that are pings and for subjects that differ only in them.</summary>
public static class MailWords
{
    const int WordsOfBody = 200;

    static readonly Dictionary<string, MailWord> Known = new[]
    {
        (Word: MailWord.Start, Forms: "start started starting begin began"),
        (Word: MailWord.Success, Forms: "ok success successful successfully succeeded completed complete finished done passed"),
        (Word: MailWord.Fail, Forms: "fail failed fails failure failures error errors aborted unsuccessful unsuccessfully"),
    }.SelectMany(word => word.Forms.Split(' ').Select(form => (form, word.Word))).ToDictionary(pair => pair.form, pair => pair.Word, StringComparer.Ordinal);

    static readonly HashSet<string> Negations = new(["no", "not", "without", "never", "0", "zero"], StringComparer.Ordinal);

    public static MailWord Of(string lowerCase) => Known.GetValueOrDefault(lowerCase);

    /// <summary>
    /// What a mail to a job's address says: the subject decides, else the first words of the body, else it is a success as
    /// any ping without more. In a text a failure goes before a start, and a start before a success ("started successfully").
    /// </summary>
    public static RunEventKind KindOf(string subject, string body)
    {
        var word = Strongest(subject, int.MaxValue) is var said && said != MailWord.Other ? said : Strongest(body, WordsOfBody);
        return word switch { MailWord.Fail => RunEventKind.Fail, MailWord.Start => RunEventKind.Start, _ => RunEventKind.Success };
    }

    static MailWord Strongest(string text, int words)
    {
        var (strongest, before) = (MailWord.Other, "");
        for (var at = 0; at < text.Length && words > 0; words--)
        {
            while (at < text.Length && !char.IsLetterOrDigit(text[at]))
            {
                at++;
            }

            var from = at;
            while (at < text.Length && char.IsLetterOrDigit(text[at]))
            {
                at++;
            }

            var word = text[from..at].ToLowerInvariant();
            var found = Of(word) switch
            {
                // "0 errors", "without failures"; and "not successful" is none of a success.
                MailWord.Fail when Negations.Contains(before) => MailWord.Success,
                MailWord.Success when before is "not" => MailWord.Fail,
                var plain => plain,
            };
            before = word;
            strongest = Rank(found) > Rank(strongest) ? found : strongest;
        }

        return strongest;
    }

    static int Rank(MailWord word) => word switch { MailWord.Fail => 3, MailWord.Start => 2, MailWord.Success => 1, _ => 0 };
}
