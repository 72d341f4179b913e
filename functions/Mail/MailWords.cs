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

    static readonly Dictionary<string, MailWord> Known = new(StringComparer.Ordinal)
    {
        ["start"] = MailWord.Start, ["started"] = MailWord.Start, ["starting"] = MailWord.Start, ["begin"] = MailWord.Start, ["began"] = MailWord.Start,
        ["ok"] = MailWord.Success, ["success"] = MailWord.Success, ["successful"] = MailWord.Success, ["successfully"] = MailWord.Success, ["succeeded"] = MailWord.Success,
        ["completed"] = MailWord.Success, ["complete"] = MailWord.Success, ["finished"] = MailWord.Success, ["done"] = MailWord.Success, ["passed"] = MailWord.Success,
        ["fail"] = MailWord.Fail, ["failed"] = MailWord.Fail, ["fails"] = MailWord.Fail, ["failure"] = MailWord.Fail, ["failures"] = MailWord.Fail,
        ["error"] = MailWord.Fail, ["errors"] = MailWord.Fail, ["aborted"] = MailWord.Fail, ["unsuccessful"] = MailWord.Fail, ["unsuccessfully"] = MailWord.Fail,
    };

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
