using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Watchdesk.Hosting;

namespace Watchdesk.Mail.Rules;

/// <summary>A mail rule that can be tried on mails.</summary>
public sealed record MailRule(string Id, string Name, MailMatch Match, MailSet Set, bool IsEnabled, int Order, DateTimeOffset CreatedAt)
{
    public const int MaxName = 100;
    public const int MaxOrder = 1_000_000;
    const int MaxServers = 20;
    const int MaxHost = 253;

    /// <summary>How much of a body is looked at, in characters.</summary>
    public const int BodyRead = 32 * 1024;

    readonly Regex? _subject = MailPattern.Compile("match.subject", Match.Subject);
    readonly Regex? _body = MailPattern.Compile("match.body", Match.Body);
    readonly Regex? _sender = MailPattern.Compile("match.sender", Match.Sender);
    readonly Regex? _server = MailPattern.Compile("match.server", Match.Server);

    [JsonIgnore]
    public bool ReadsBody => _body is not null;

    /// <exception cref="FormatException">An expression is wrong; the error points at the column.</exception>
    /// <exception cref="InvalidRequestException">Something else is missing or wrong.</exception>
    public static MailRule Of(string id, MailRuleRequest request, int order, DateTimeOffset createdAt)
    {
        var name = request.Name?.Trim();
        if (name is not { Length: > 0 and <= MaxName } || name.Any(char.IsControl))
        {
            throw new InvalidRequestException($"name has 1 to {MaxName} characters, without control characters.");
        }

        var (match, set) = (Tidy(request.Match ?? new MailMatch()), Checked(request.Set ?? new MailSet()));
        if (match == new MailMatch())
        {
            throw new InvalidRequestException("match needs at least one of subject, body, sender and server; a rule without any would take every mail.");
        }

        if (set is { Severity: null, Org: null, Servers: null, Drop: false })
        {
            throw new InvalidRequestException("set needs at least one of severity, org, servers and drop; else the rule changes nothing.");
        }

        return order is >= 1 and <= MaxOrder
            ? new MailRule(id, name, match, set, request.Enabled, order, createdAt)
            : throw new InvalidRequestException($"order is 1 to {MaxOrder:N0}; the lowest is tried first.");
    }

    public bool Takes(StoredMail mail) =>
        IsMatch(_subject, mail.Content.Subject) && IsMatch(_sender, mail.Content.From)
        && (_server is null || Servers(mail).Any(_server.IsMatch))
        && (_body is null || _body.IsMatch(mail.Content.Text.AsSpan(0, Math.Min(mail.Content.Text.Length, BodyRead))));

    /// <summary>The mail as the rule has it.</summary>
    public StoredMail Apply(StoredMail mail) => mail with
    {
        Tags = mail.Tags with
        {
            Severity = Incidents.Words.Read(Set.Severity) ?? mail.Tags.Severity,
            Org = Set.Org ?? mail.Tags.Org,
            Servers = Set.Servers ?? mail.Tags.Servers,
        },
        Rule = new RuleOfMail(Id, Name),
        IsDropped = Set.Drop,
    };

    /// <summary>As the first of the rules that takes it has it.</summary>
    public static StoredMail First(IReadOnlyList<MailRule> inOrder, StoredMail mail) =>
        inOrder.FirstOrDefault(rule => rule.IsEnabled && rule.Takes(mail)) is { } rule ? rule.Apply(mail) : mail;

    static bool IsMatch(Regex? pattern, string text) => pattern is null || pattern.IsMatch(text);

    static IEnumerable<string> Servers(StoredMail mail) =>
        mail.Content.From.LastIndexOf('@') is >= 0 and var at ? mail.Tags.Servers.Append(mail.Content.From[(at + 1)..]) : mail.Tags.Servers;

    static MailMatch Tidy(MailMatch match) => new(Given(match.Subject), Given(match.Body), Given(match.Sender), Given(match.Server));

    static MailSet Checked(MailSet set)
    {
        var org = Given(set.Org)?.ToLowerInvariant();
        if (org is not null && !TagScan.IsOrg(org))
        {
            throw new InvalidRequestException("set.org is levels of letters, digits, - and _ between dots, for example shop.payments.");
        }

        if (Given(set.Severity) is { } severity && Incidents.Words.Read(severity) is null)
        {
            throw new InvalidRequestException("set.severity is info, warning or critical.");
        }

        var servers = set.Servers?.Select(server => server?.Trim().ToLowerInvariant() ?? "").Where(server => server.Length > 0).Distinct(StringComparer.Ordinal).ToArray();
        if (servers is { Length: > MaxServers } || servers?.FirstOrDefault(server => server.Length > MaxHost || !TagScan.IsHost(server)) is not null)
        {
            throw new InvalidRequestException($"set.servers are at most {MaxServers} names of hosts, for example db1.example.org.");
        }

        return new MailSet(Given(set.Severity), org, servers is { Length: > 0 } ? servers : null, set.Drop);
    }

    static string? Given(string? text) => text?.Trim() is { Length: > 0 } given ? given : null;
}
