using System.Globalization;
using Watchdesk.Heartbeats;
using Watchdesk.Incidents;
using Watchdesk.Schedules;

namespace Watchdesk.Pages;

/// <summary>The form of a job as somebody typed it, so that it can come back with what is wrong; members are named as in the API.</summary>
public sealed class JobForm
{
    public static readonly IReadOnlyCollection<string> Fields =
        ["name", "slug", "severity", "period", "cron", "timeZone", "count", "variance", "per", "grace", "startLate", "tooLong", "tooShort", "alertAfter", "parents", "maintenance", "tags", "org", "servers"];

    static readonly char[] Separators = [',', ';', ' ', '\n', '\r', '\t'];

    readonly Dictionary<string, string> _values = new(StringComparer.Ordinal) { ["kind"] = "period", ["severity"] = "critical", ["per"] = "day", ["timeZone"] = "UTC", ["alertAfter"] = "1" };

    public string this[string field] => _values.GetValueOrDefault(field, "");

    /// <summary>A new job: once a day.</summary>
    public static JobForm New() => new() { _values = { ["period"] = "1 d", ["grace"] = "1 h" } };

    public static JobForm Of(IFormCollection form)
    {
        ArgumentNullException.ThrowIfNull(form);
        var read = new JobForm();
        foreach (var field in Fields.Append("kind").Where(form.ContainsKey))
        {
            read._values[field] = form[field].ToString().Trim();
        }

        return read;
    }

    /// <param name="job">As it is stored.</param>
    /// <param name="parents">Slugs of its parents.</param>
    public static JobForm Of(Job job, IEnumerable<string> parents)
    {
        ArgumentNullException.ThrowIfNull(job);
        var form = new JobForm
        {
            _values =
            {
                ["name"] = job.Name,
                ["slug"] = job.Slug,
                ["severity"] = job.Severity.ToString().ToLowerInvariant(),
                ["startLate"] = Text(job.Budgets.StartLate),
                ["tooLong"] = Text(job.Budgets.TooLong),
                ["tooShort"] = Text(job.Budgets.TooShort),
                ["alertAfter"] = job.AlertAfter.ToString(CultureInfo.InvariantCulture),
                ["parents"] = string.Join(", ", parents),
                ["maintenance"] = MaintenanceText.Of(job.Maintenance),
                ["tags"] = string.Join(", ", job.Tags),
                ["org"] = job.Org ?? "",
                ["servers"] = string.Join(", ", job.Servers),
                ["grace"] = Text((job.Schedule as TimedSchedule)?.Grace),
            },
        };
        form.Take(job.Schedule);
        return form;
    }

    /// <exception cref="FormatException">A field cannot be read.</exception>
    public JobRequest ToRequest() => new(
        this["name"], Given("slug"), Enum.TryParse<Severity>(this["severity"], ignoreCase: true, out var severity) ? severity : null, ToSchedule(),
        new Budgets(Duration("tooLong"), Duration("startLate"), Duration("tooShort")), Commas("tags"), Given("org"),
        Words("servers"), Given("alertAfter") is null ? null : Number("alertAfter"), Words("parents"), MaintenanceText.Parse(this["maintenance"]));

    /// <exception cref="FormatException">A field cannot be read.</exception>
    public ScheduleTestRequest ToTrial()
    {
        var request = ToRequest();
        return new ScheduleTestRequest(request.Schedule, request.Budgets, request.AlertAfter, request.Maintenance);
    }

    Schedule ToSchedule()
    {
        switch (this["kind"])
        {
            case "cron":
                return CronSchedule.Parse(this["cron"], Given("timeZone") ?? "UTC", Duration("grace") ?? CronSchedule.DefaultGrace);
            case "count":
                return new CountSchedule(Number("count"), Given("variance") is null ? 0 : Number("variance"), CountSchedule.ParsePer(this["per"]));
            case "declared":
                return new DeclaredSchedule(Duration("grace") ?? DeclaredSchedule.DefaultGrace);
            default:
                var period = DurationText.Parse("period", this["period"]);
                return new PeriodSchedule(period, Duration("grace") ?? PeriodSchedule.DefaultGrace(period));
        }
    }

    void Take(Schedule schedule)
    {
        switch (schedule)
        {
            case PeriodSchedule period:
                _values["period"] = Text(period.Period);
                break;
            case CronSchedule cron:
                (_values["kind"], _values["cron"], _values["timeZone"]) = ("cron", cron.Cron.ToString(), cron.Zone.Id);
                break;
            case CountSchedule count:
                (_values["kind"], _values["per"]) = ("count", count.PerText);
                (_values["count"], _values["variance"]) = (count.Count.ToString(CultureInfo.InvariantCulture), count.Variance.ToString(CultureInfo.InvariantCulture));
                break;
            default:
                _values["kind"] = "declared";
                break;
        }
    }

    string? Given(string field) => this[field] is { Length: > 0 } text ? text : null;

    TimeSpan? Duration(string field) => Given(field) is { } text ? DurationText.Parse(field, text) : null;

    int Number(string field) => int.TryParse(this[field], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new ScheduleFormatException(field, $"{Durations.Quoted(this[field])} is not a whole number.");

    string[] Words(string field) => this[field].Split(Separators, StringSplitOptions.RemoveEmptyEntries);

    string[] Commas(string field) => this[field].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    static string Text(TimeSpan? duration) => duration is { } given ? DurationText.Of(given) : "";
}
