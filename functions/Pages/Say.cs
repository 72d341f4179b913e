using System.Globalization;

namespace Watchdesk.Pages;

/// <summary>Times and durations as people read them.</summary>
public static class Say
{
    public static string Utc(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>"4 min ago", "in 2 h": coarse enough that a page does not change each second.</summary>
    public static string Relative(DateTimeOffset at, DateTimeOffset now)
    {
        var away = at - now;
        var text = Coarse(away.Duration());
        return text is null ? (away > TimeSpan.Zero ? "in a moment" : "just now") : away >= TimeSpan.Zero ? $"in {text}" : $"{text} ago";
    }

    /// <summary>"3 min", "less than a minute": how long ago, as coarse as <see cref="Relative"/>.</summary>
    public static string Since(DateTimeOffset at, DateTimeOffset now) => Coarse((now - at).Duration()) ?? "less than a minute";

    /// <summary>How long something lasts, with two units: "1 h 05 min", "340 ms"; a dash when unknown.</summary>
    public static string Lasting(TimeSpan? duration) => duration switch
    {
        null => "–",
        { TotalMilliseconds: < 1000 } d => Text($"{d.TotalMilliseconds:0} ms"),
        { TotalSeconds: < 10 } d => Text($"{d.TotalSeconds:0.0} s"),
        { TotalSeconds: < 60 } d => Text($"{Math.Floor(d.TotalSeconds):0} s"),
        { TotalMinutes: < 60 } d => d.Seconds == 0 ? Text($"{d.Minutes} min") : Text($"{d.Minutes} min {d.Seconds:00} s"),
        { TotalHours: < 24 } d => d.Minutes == 0 ? Text($"{d.Hours} h") : Text($"{d.Hours} h {d.Minutes:00} min"),
        { } d => d.Hours == 0 ? Text($"{d.Days} d") : Text($"{d.Days} d {d.Hours} h"),
    };

    public static string Count(long number, string one, string many) => number == 1 ? $"1 {one}" : Text($"{number:#,0} {many}");

    public static string Orgs(IReadOnlyList<string> orgs) => orgs.Count == 0 ? "Unclassified" : string.Join(", ", orgs.Take(2)) + (orgs.Count > 2 ? $" and {orgs.Count - 2} more" : "");

    public static string Bytes(long bytes) => bytes < 1024 ? Text($"{bytes} B") : Text($"{bytes / 1024.0:0.0} KiB");

    static string? Coarse(TimeSpan away) => away switch
    {
        { TotalSeconds: < 60 } => null,
        { TotalMinutes: < 60 } => Text($"{Math.Floor(away.TotalMinutes):0} min"),
        { TotalHours: < 48 } => Text($"{Math.Floor(away.TotalHours):0} h"),
        _ => Text($"{Math.Floor(away.TotalDays):0} d"),
    };

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
