using System.Globalization;
using System.Text.RegularExpressions;
using Watchdesk.Hosting;
using Watchdesk.Mail;
using Watchdesk.Mail.Rules;

namespace Watchdesk.Pages;

/// <summary>The form of a mail rule as a request of the API and back.</summary>
static class MailRuleForms
{
    static readonly char[] Separators = [',', ';', ' ', '\n', '\r', '\t'];

    /// <summary>A rule for mails like this one.</summary>
    public static MailRuleRequest From(StoredMail mail)
    {
        var name = mail.Series.Name.Length <= MailRule.MaxName ? mail.Series.Name : mail.Series.Name[..MailRule.MaxName];
        var subject = SeriesKey.PatternOf(mail.Series.Name);
        var match = new MailMatch(subject.Length is > 0 and <= MailPattern.MaxLength ? subject : null, Sender: mail.Content.From.Length > 0 ? $"^{Regex.Escape(mail.Content.From)}$" : null);
        return new MailRuleRequest(name, match, new MailSet(mail.Tags.Severity is { } severity ? Incidents.Words.Of(severity) : null, mail.Tags.Org, mail.Tags.Servers));
    }

    /// <exception cref="InvalidRequestException">The order is no number.</exception>
    public static MailRuleRequest RequestOf(IFormCollection form)
    {
        var servers = form["servers"].ToString().Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new MailRuleRequest(
            form["name"].ToString(),
            new MailMatch(form["subject"].ToString(), form["text"].ToString(), form["sender"].ToString(), form["server"].ToString()),
            new MailSet(form["severity"].ToString(), form["org"].ToString(), servers, form["drop"].Count > 0),
            form["off"].Count == 0,
            form["order"].ToString().Trim() is not { Length: > 0 } order ? null
                : int.TryParse(order, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new InvalidRequestException("order is a whole number."));
    }

    /// <summary>What was written in the field that an error names.</summary>
    public static string TextOf(MailRuleRequest request, string field) => (field switch
    {
        "match.subject" => request.Match?.Subject,
        "match.body" => request.Match?.Body,
        "match.sender" => request.Match?.Sender,
        _ => request.Match?.Server,
    })?.Trim() ?? "";
}
