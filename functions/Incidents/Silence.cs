using System.IO.Enumeration;
using Watchdesk.Notices;

namespace Watchdesk.Incidents;

/// <summary>What a silence is about; what is left out fits everything, and something is given.</summary>
/// <param name="Severities">None for all.</param>
/// <param name="Org">Pattern of paths, see <see cref="OrgPath"/>.</param>
/// <param name="Name">Of a job, series of mails or rule; * for any letters.</param>
/// <param name="Server">Host name; * for any letters.</param>
/// <param name="Text">Stands in the name or the reason.</param>
public sealed record SilenceMatch(IReadOnlyList<Severity>? Severities = null, string? Org = null, string? Name = null, string? Server = null, string? Text = null)
{
    /// <summary>It says which job or machine is meant, so also what was never seen of it is meant.</summary>
    public bool IsNamed => Name is not null || Server is not null;

    public bool Fits(Incident incident)
    {
        ArgumentNullException.ThrowIfNull(incident);
        return (Severities is not { Count: > 0 } severities || severities.Contains(incident.Severity))
            && (Org is null || OrgPath.Parse(Org).MatchesAny(incident.Orgs))
            && (Name is null || (!incident.IsMany && Like(Name, incident.Name)))
            && (Server is null || OnServer(Server, incident))
            && (Text is null || incident.Name.Contains(Text, StringComparison.OrdinalIgnoreCase) || incident.Reason.Contains(Text, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>For example "critical, shop.*, server db-7".</summary>
    public override string ToString() => string.Join(", ", new[]
    {
        Severities is { Count: > 0 } ? string.Join(" or ", Severities.Select(Words.Of)) : null, Org, Name is null ? null : $"name {Name}", Server is null ? null : $"server {Server}", Text is null ? null : $"text “{Text}”",
    }.OfType<string>());

    static bool OnServer(string server, Incident incident) =>
        incident.IsStorm ? incident.Hosts.Count > 0 && incident.Hosts.All(group => Like(server, group.Host)) : Like(server, incident.Host);

    static bool Like(string pattern, string text) => text.Length > 0 && FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: true);
}

/// <summary>For a time nobody is told of what fits, because somebody says so; maintenance is one that begins later.</summary>
/// <param name="By">Name of who made it.</param>
public sealed record Silence(string Id, SilenceMatch Match, DateTimeOffset From, DateTimeOffset Until, string Reason, string By, DateTimeOffset CreatedAt)
{
    public static readonly TimeSpan Longest = TimeSpan.FromDays(90);

    public bool IsOn(DateTimeOffset now) => From <= now && now < Until;

    /// <summary>A new kind of event is told whatever a broad silence says.</summary>
    public bool Hides(Incident incident)
    {
        ArgumentNullException.ThrowIfNull(incident);
        return Match.Fits(incident) && (Match.IsNamed || !incident.IsNewKind);
    }

    public override string ToString() => $"“{Reason}” of {By} until {NoticeText.At(Until)}";
}
