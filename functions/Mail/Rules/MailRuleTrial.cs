using Watchdesk.Clients;
using Watchdesk.Hosting;

namespace Watchdesk.Mail.Rules;

/// <summary>What a rule would have matched.</summary>
/// <param name="From">How far back mails were looked at.</param>
/// <param name="Looked">Mails that were looked at.</param>
/// <param name="Matched">Those that match.</param>
/// <param name="Unclassified">Of the matched: those that nothing has classified.</param>
/// <param name="Taken">Of the matched: those that another rule has taken; it goes on taking such mails when it stands before this one.</param>
/// <param name="Opens">Of the matched: those that the rule makes a warning or critical without a schedule.</param>
/// <param name="IsPartial">There are more mails in the time than are looked at.</param>
/// <param name="Samples">The newest of the matched.</param>
public sealed record MailTrialAnswer(DateTimeOffset From, DateTimeOffset To, int Looked, int Matched, int Unclassified, int Taken, int Opens, bool IsPartial, IReadOnlyList<MailSample> Samples);

/// <param name="Rule">Name of the rule that took it.</param>
public sealed record MailSample(string Id, DateTimeOffset ReceivedAt, string From, string Subject, string? Rule);

/// <summary>"What would it have matched?": the mails of the last 30 days, newest first, as many as are read in one go.</summary>
public sealed class MailRuleTrial(MailStore store, TimeProvider clock)
{
    public const int MaxMails = 20_000;
    public static readonly TimeSpan Range = TimeSpan.FromDays(30);
    const int MaxSamples = 10;

    /// <exception cref="FormatException">An expression is wrong; the error points at the column.</exception>
    /// <exception cref="InvalidRequestException">Something else is wrong.</exception>
    public async Task<MailTrialAnswer> RunAsync(string tenant, MailRuleRequest request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var rule = MailRule.Of(Keys.NewId(now), request, request.Order ?? 1, now);
        var answer = new MailTrialAnswer(now - Range, now, 0, 0, 0, 0, 0, false, []);
        var samples = new List<MailSample>();
        await foreach (var mail in store.NewestAsync(tenant, now - Range, rule.ReadsBody, cancellationToken))
        {
            if (answer.Looked == MaxMails)
            {
                return answer with { IsPartial = true, Samples = samples };
            }

            answer = answer with { Looked = answer.Looked + 1, From = answer.Looked + 1 == MaxMails ? mail.ReceivedAt : answer.From };
            if (rule.Takes(mail))
            {
                answer = Count(answer, rule, mail);
                samples.AddRange(samples.Count < MaxSamples ? [new MailSample(mail.Id, mail.ReceivedAt, mail.Content.From, mail.Content.Subject, mail.Rule?.Name)] : []);
            }
        }

        return answer with { Samples = samples };
    }

    static MailTrialAnswer Count(MailTrialAnswer answer, MailRule rule, StoredMail mail) => answer with
    {
        Matched = answer.Matched + 1,
        Unclassified = answer.Unclassified + (mail.IsUnclassified ? 1 : 0),
        Taken = answer.Taken + (mail.Rule is null ? 0 : 1),
        Opens = answer.Opens + (MailEvents.Opens(rule.Apply(mail)) ? 1 : 0),
    };
}
