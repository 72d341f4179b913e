using Watchdesk.Incidents;
using Watchdesk.Incidents.Search;

namespace Watchdesk.Mail.Search;

/// <summary>Something that was found.</summary>
/// <param name="Kind">mail or incident.</param>
/// <param name="Link">Its page, a path on the desk.</param>
public sealed record SearchItem(string Kind, string Id, DateTimeOffset At, string Title, string? Severity, string? From, string? State, string Link, IReadOnlyList<ExcerptPart> Excerpt);

/// <summary>What is found, as it is shown. One read each, and one more for a text that is long.</summary>
public sealed class FindMails(MailStore mails, IncidentStore incidents)
{
    public static Indexed WordsOf(StoredMail mail) => new(
        new Found(FoundKind.Mail, mail.Id),
        SearchWords.Of([mail.Content.Subject, mail.Content.From, .. mail.Tags.Servers, mail.Job ?? "", mail.Tags.Org ?? "", mail.Content.Text]));

    /// <summary>Null when it is gone, or has the words but not the phrases.</summary>
    public async Task<SearchItem?> GetAsync(string tenant, Found what, SearchQuery query, CancellationToken cancellationToken)
    {
        if (what.Kind == FoundKind.Incident)
        {
            return await incidents.GetAsync(tenant, what.Id, cancellationToken) is { } incident ? ItemOf(incident, query) : null;
        }

        return await mails.GetAsync(tenant, what.Id, cancellationToken) is { } mail && Excerpt.HasPhrases($"{mail.Content.Subject}\n{mail.Content.From}\n{mail.Content.Text}", query) ? ItemOf(mail, query) : null;
    }

    /// <summary>Comments are not read again: of an incident a phrase means all of its words.</summary>
    static SearchItem ItemOf(Incident incident, SearchQuery query)
    {
        var text = incident.IsOpen ? incident.Reason : $"{incident.Resolution} {incident.Reason}";
        return new SearchItem("incident", incident.Id, incident.OpenedAt, incident.Name, Words.Of(incident.Severity), null, incident.IsOpen ? "open" : "resolved", $"/incidents/{incident.Id}", Excerpt.Of(text, query));
    }

    static SearchItem ItemOf(StoredMail mail, SearchQuery query) => new(
        "mail", mail.Id, mail.ReceivedAt, mail.Series.Name, mail.Tags.Severity is { } severity ? Words.Of(severity) : null, mail.Content.From, null, $"/mail/{mail.Id}", Excerpt.Of(mail.Content.Text, query));
}
