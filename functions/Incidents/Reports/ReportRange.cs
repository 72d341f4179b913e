using System.Globalization;
using NodaTime;
using NodaTime.Text;
using Watchdesk.Hosting;

namespace Watchdesk.Incidents.Reports;

/// <summary>Whole days somewhere.</summary>
/// <param name="Last">Belongs to it.</param>
public sealed record ReportRange(LocalDate First, LocalDate Last, DateTimeZone Zone)
{
    public const int MaxDays = 366;
    const int DefaultDays = 7;

    public DateTimeOffset From => Zone.AtStartOfDay(First).ToDateTimeOffset().ToUniversalTime();

    public DateTimeOffset To => Zone.AtStartOfDay(Last.PlusDays(1)).ToDateTimeOffset().ToUniversalTime();

    /// <param name="from">yyyy-MM-dd; six days before <paramref name="to"/> when left out.</param>
    /// <param name="to">yyyy-MM-dd, the last day; today when left out.</param>
    /// <param name="zone">IANA; UTC when left out.</param>
    /// <exception cref="InvalidRequestException">The text says which is wrong.</exception>
    public static ReportRange Parse(string? from, string? to, string? zone, DateTimeOffset now)
    {
        var where = DateTimeZoneProviders.Tzdb.GetZoneOrNull(string.IsNullOrEmpty(zone) ? "UTC" : zone) ?? throw new InvalidRequestException("zone is an IANA time zone, for example Europe/Berlin.");
        var last = string.IsNullOrEmpty(to) ? Instant.FromDateTimeOffset(now).InZone(where).Date : Date("to", to);
        var first = string.IsNullOrEmpty(from) ? last.PlusDays(1 - DefaultDays) : Date("from", from);
        return Period.DaysBetween(first, last) is >= 0 and < MaxDays
            ? new ReportRange(first, last, where)
            : throw new InvalidRequestException($"from is not after to, and a report is about at most {MaxDays} days.");
    }

    public static string Text(LocalDate day) => LocalDatePattern.Iso.Format(day);

    public LocalDate DayOf(DateTimeOffset at) => Instant.FromDateTimeOffset(at).InZone(Zone).Date;

    static LocalDate Date(string name, string text) =>
        LocalDatePattern.Iso.Parse(text) is { Success: true, Value: { Year: >= 2000 and <= 9000 } day } ? day : throw new InvalidRequestException(string.Create(CultureInfo.InvariantCulture, $"{name} is a day such as 2026-11-20."));
}
