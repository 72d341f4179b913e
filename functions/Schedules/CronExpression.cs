using NodaTime;

namespace Watchdesk.Schedules;

/// <summary>
/// A cron expression of five fields (minute hour day month weekday) or six (a second first), or a macro such as @daily;
/// asked for local times, the zone is <see cref="CronSchedule"/>'s matter. With five fields a restricted day and a
/// restricted weekday are alternatives, as in crontab; with six both must match, as in Azure Functions.
/// </summary>
public sealed class CronExpression : IEquatable<CronExpression>
{
    /// <summary>29 February on a given weekday can take 40 years, over a century that is no leap year.</summary>
    const int HorizonYears = 40;
    const int MaxLength = 500;

    static readonly Dictionary<string, string> Macros = new(StringComparer.OrdinalIgnoreCase)
    {
        ["@hourly"] = "0 * * * *",
        ["@daily"] = "0 0 * * *",
        ["@midnight"] = "0 0 * * *",
        ["@weekly"] = "0 0 * * 0",
        ["@monthly"] = "0 0 1 * *",
        ["@yearly"] = "0 0 1 1 *",
        ["@annually"] = "0 0 1 1 *",
    };

    /// <summary>Zone arithmetic runs over at the end of 9999.</summary>
    internal const int LastYear = 9998;

    readonly string _text;
    readonly CronField _second, _minute, _hour, _day, _month, _weekday;
    readonly bool _eitherDay;

    CronExpression(string text, List<(string Text, int Column)> fields)
    {
        var i = fields.Count - 5;
        _text = text;
        _second = i == 1 ? CronFieldKind.Second.Parse(fields[0].Text, fields[0].Column) : new CronField(1, IsStar: false);
        _minute = CronFieldKind.Minute.Parse(fields[i].Text, fields[i].Column);
        _hour = CronFieldKind.Hour.Parse(fields[i + 1].Text, fields[i + 1].Column);
        _day = CronFieldKind.Day.Parse(fields[i + 2].Text, fields[i + 2].Column);
        _month = CronFieldKind.Month.Parse(fields[i + 3].Text, fields[i + 3].Column);
        _weekday = CronFieldKind.Weekday.Parse(fields[i + 4].Text, fields[i + 4].Column);
        _eitherDay = i == 0 && !_day.IsStar && !_weekday.IsStar;
        FollowsTheClock = _second.IsStar || _minute.IsStar || _hour.IsStar;
    }

    /// <summary>True for "every …", false for fixed times of the day.</summary>
    public bool FollowsTheClock { get; }

    /// <exception cref="ScheduleFormatException">With the column where reading stopped.</exception>
    public static CronExpression Parse(string text)
    {
        text = text.Trim();
        if (text.Length > MaxLength)
        {
            throw new ScheduleFormatException("cron", $"longer than {MaxLength} characters.", MaxLength + 1);
        }

        if (text.StartsWith('@') && !Macros.ContainsKey(text))
        {
            throw new ScheduleFormatException("cron", $"{Durations.Quoted(text)} is none of @hourly, @daily, @weekly, @monthly, @yearly.", 1);
        }

        var fields = Fields(Macros.GetValueOrDefault(text, text));
        if (fields.Count is not (5 or 6))
        {
            throw new ScheduleFormatException("cron", $"has {fields.Count} fields; five (minute hour day month weekday) or six (a second first) are needed.", fields.Count > 6 ? fields[6].Column : text.Length + 1);
        }

        var expression = new CronExpression(text, fields);
        return expression.NextAfter(new LocalDateTime(2000, 1, 1, 0, 0)) is null
            ? throw new ScheduleFormatException("cron", "there is no such day.", fields[^3].Column)
            : expression;
    }

    /// <summary>The first matching local time after the given one; null when there is none within 40 years.</summary>
    public LocalDateTime? NextAfter(LocalDateTime after)
    {
        if (after.Year > LastYear)
        {
            return null;
        }

        var lastYear = Math.Min(after.Year + HorizonYears, LastYear);
        var from = after.With(TimeAdjusters.TruncateToSecond).PlusSeconds(1);
        var time = from.TimeOfDay;
        for (var date = from.Date; date.Year <= lastYear; time = LocalTime.Midnight)
        {
            if (!_month.Has(date.Month))
            {
                date = date.With(DateAdjusters.StartOfMonth).PlusMonths(1);
                continue;
            }

            if (Matches(date) && NextTime(time) is { } match)
            {
                return date + match;
            }

            date = date.PlusDays(1);
        }

        return null;
    }

    bool Matches(LocalDate date)
    {
        var day = _day.Has(date.Day);
        var weekday = _weekday.Has((int)date.DayOfWeek % 7);
        return _eitherDay ? day || weekday : day && weekday;
    }

    LocalTime? NextTime(LocalTime from)
    {
        var (hour, minute, second) = (_hour.From(from.Hour), from.Minute, from.Second);
        if (hour == from.Hour)
        {
            var inMinute = _minute.Has(minute) ? _second.From(second) : -1;
            if (inMinute >= 0)
            {
                return new LocalTime(hour, minute, inMinute);
            }

            minute = _minute.From(minute + 1);
            if (minute >= 0)
            {
                return new LocalTime(hour, minute, _second.From(0));
            }

            hour = _hour.From(hour + 1);
        }

        return hour < 0 ? null : new LocalTime(hour, _minute.From(0), _second.From(0));
    }

    static List<(string Text, int Column)> Fields(string text)
    {
        var fields = new List<(string, int)>();
        for (var i = 0; i < text.Length; i++)
        {
            var start = i;
            while (i < text.Length && text[i] is not (' ' or '\t'))
            {
                i++;
            }

            if (i > start)
            {
                fields.Add((text[start..i], start + 1));
            }
        }

        return fields;
    }

    public bool Equals(CronExpression? other) => other is not null && _text == other._text;

    public override bool Equals(object? obj) => Equals(obj as CronExpression);

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => _text;
}
