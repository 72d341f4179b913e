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
/// <param name="Schedule">Period, cron, declared or count; default every day with 1 h grace.</param>
/// <param name="Tags">At most 20 of 1 to 50 characters.</param>
/// <param name="Org">Path in the organisation, for example <c>shop.payments.ledger</c>.</param>
/// <param name="Servers">At most 20 host names.</param>
/// <param name="AlertAfter">Runs that fail, start late, end too soon or do not come are told after so many in a row, 1 (default) to 100.</param>
/// <param name="Parents">At most 20 jobs, by id or slug; while one needs attention nobody is told of this one.</param>
/// <param name="Maintenance">At most 20 windows in which nothing is owed.</param>
public sealed record JobRequest(
    string? Name = null,
    string? Slug = null,
    Severity? Severity = null,
    Schedule? Schedule = null,
    Budgets? Budgets = null,
    IReadOnlyList<string>? Tags = null,
    string? Org = null,
    IReadOnlyList<string>? Servers = null,
    int? AlertAfter = null,
    IReadOnlyList<string>? Parents = null,
    IReadOnlyList<MaintenanceWindow>? Maintenance = null)
{
    public static readonly Schedule DefaultSchedule = new PeriodSchedule(TimeSpan.FromDays(1), TimeSpan.FromHours(1));

    const int MaxName = 200;
    const int MaxSlug = 100;
    const int MaxListed = 20;
    const int MaxAlertAfter = 100;

    public static JobRequest Of(Job job) => new(job.Name, job.Slug, job.Severity, job.Schedule, job.Budgets, job.Tags, job.Org, job.Servers, job.AlertAfter, job.Parents, job.Maintenance);

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

        if (AlertAfter is < 1 or > MaxAlertAfter)
        {
            throw new InvalidRequestException($"alertAfter must be 1 to {MaxAlertAfter} bad results in a row.");
        }

        if (Maintenance?.Count > MaxListed || Maintenance?.Contains(null!) == true)
        {
            throw new InvalidRequestException($"maintenance must be at most {MaxListed} windows, none of them null.");
        }

        if (Parents?.All(JobStore.IsId) == false)
        {
            throw new InvalidRequestException("parents must be ids of jobs here.");
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
            AlertAfter = AlertAfter ?? 1,
            Parents = Parents ?? [],
            Maintenance = Maintenance ?? [],
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

    /// <exception cref="InvalidRequestException">Too many parents, or one cannot be a job.</exception>
    public static void CheckParents(IReadOnlyList<string> parents) => Listed("parents", parents, MaxSlug);

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
