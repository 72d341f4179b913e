using System.Globalization;
using System.Text;
using Watchdesk.Hosting;
using Watchdesk.Incidents;
using Watchdesk.Schedules;

namespace Watchdesk.Heartbeats;

/// <summary>A job as people write it.</summary>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Slug"><c>[a-z0-9_-]{1,100}</c>; made from the name when absent.</param>
/// <param name="Severity">Of the incident that it opens: info, warning or critical (default).</param>
/// <param name="Schedule">Period, cron or declared; default every day with 1 h grace.</param>
/// <param name="Tags">At most 20 of 1 to 50 characters.</param>
/// <param name="Org">Path in the organisation, for example <c>shop.payments.ledger</c>.</param>
/// <param name="Servers">At most 20 host names.</param>
public sealed record JobRequest(
    string? Name = null,
    string? Slug = null,
    Severity? Severity = null,
    Schedule? Schedule = null,
    Budgets? Budgets = null,
    IReadOnlyList<string>? Tags = null,
    string? Org = null,
    IReadOnlyList<string>? Servers = null)
{
    public static readonly Schedule DefaultSchedule = new PeriodSchedule(TimeSpan.FromDays(1), TimeSpan.FromHours(1));

    const int MaxName = 200;
    const int MaxSlug = 100;
    const int MaxListed = 20;

    public static JobRequest Of(Job job) => new(job.Name, job.Slug, job.Severity, job.Schedule, job.Budgets, job.Tags, job.Org, job.Servers);

    /// <exception cref="InvalidRequestException">Something is missing or out of bounds.</exception>
    public Job ApplyTo(Job job)
    {
        var name = Name?.Trim();
        if (string.IsNullOrEmpty(name))
        {
            throw new InvalidRequestException("name is missing: say what people call the job.");
        }

        Bound("name", name, MaxName);
        var slug = Slug ?? (job.Slug.Length > 0 ? job.Slug : Slugify(name));
        if (!IsSlug(slug))
        {
            throw new InvalidRequestException($"slug must be 1 to {MaxSlug} of a-z, 0-9, _ and -.");
        }

        if (Severity is { } severity && !Enum.IsDefined(severity))
        {
            throw new InvalidRequestException("severity is info, warning or critical.");
        }

        if (Budgets is { StartLate: not null } or { TooShort: not null })
        {
            throw new InvalidRequestException("budgets: only tooLong can be watched so far.");
        }

        return job with
        {
            Name = name,
            Slug = slug,
            Severity = Severity ?? Incidents.Severity.Critical,
            Schedule = Schedule ?? DefaultSchedule,
            Budgets = Budgets ?? Schedules.Budgets.None,
            Tags = Listed("tags", Tags, 50),
            Org = Org is null ? null : Bound("org", Org, MaxName),
            Servers = Listed("servers", Servers, 253),
        };
    }

    public static bool IsSlug(string text) =>
        text.Length is > 0 and <= MaxSlug && text.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '-');

    /// <summary>A slug made from any text; never empty.</summary>
    public static string Slugify(string text)
    {
        var slug = new StringBuilder();
        foreach (var c in text.Normalize(NormalizationForm.FormD).ToLower(CultureInfo.InvariantCulture))
        {
            if (c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_')
            {
                slug.Append(c);
            }
            else if (slug.Length > 0 && slug[^1] != '-' && CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)
            {
                slug.Append('-');
            }
        }

        var made = slug.ToString().Trim('-');
        return made.Length == 0 ? "job" : made.Length <= MaxSlug ? made : made[..MaxSlug].Trim('-');
    }

    static string[] Listed(string field, IReadOnlyList<string>? values, int longest)
    {
        if (values?.Count > MaxListed)
        {
            throw new InvalidRequestException($"{field} has {values.Count} entries; at most {MaxListed} are kept.");
        }

        return [.. (values ?? []).Select(value => Bound(field, value, longest))];
    }

    static string Bound(string field, string? text, int longest) =>
        text is { Length: > 0 } && text.Length <= longest && !text.Any(char.IsControl)
            ? text
            : throw new InvalidRequestException($"{field} must be 1 to {longest} characters without control characters.");
}

/// <param name="Until">UTC instant at which the job is watched again.</param>
public sealed record SnoozeRequest(DateTimeOffset Until);
