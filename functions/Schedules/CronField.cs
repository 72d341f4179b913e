using System.Numerics;

namespace Watchdesk.Schedules;

/// <summary>One field of a cron expression: the set of values that match, one bit each.</summary>
/// <param name="IsStar">It begins with *.</param>
readonly record struct CronField(ulong Values, bool IsStar)
{
    public bool Has(int value) => (Values >> value & 1) != 0;

    /// <summary>The least matching value at or after <paramref name="value"/>; -1 when there is none.</summary>
    public int From(int value)
    {
        var rest = value > 63 ? 0 : Values >> value << value;
        return rest == 0 ? -1 : BitOperations.TrailingZeroCount(rest);
    }
}

/// <summary>What a field may hold.</summary>
sealed record CronFieldKind(string Name, int Min, int Max, params string[] Names)
{
    public static readonly CronFieldKind Second = new("second", 0, 59);
    public static readonly CronFieldKind Minute = new("minute", 0, 59);
    public static readonly CronFieldKind Hour = new("hour", 0, 23);
    public static readonly CronFieldKind Day = new("day", 1, 31);
    public static readonly CronFieldKind Month = new("month", 1, 12, "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
    public static readonly CronFieldKind Weekday = new("weekday", 0, 7, "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

    /// <param name="column">1-based column of <paramref name="text"/> in the whole expression.</param>
    /// <exception cref="ScheduleFormatException">With the column of the list item that is wrong.</exception>
    public CronField Parse(string text, int column)
    {
        var values = 0ul;
        foreach (var item in text.Split(','))
        {
            values |= Item(item, column);
            column += item.Length + 1;
        }

        const ulong secondSunday = 1ul << 7;
        if (this == Weekday && (values & secondSunday) != 0)
        {
            values = (values & ~secondSunday) | 1;
        }

        return new CronField(values, text[0] == '*');
    }

    ulong Item(string item, int column)
    {
        var slash = item.IndexOf('/', StringComparison.Ordinal);
        var range = slash < 0 ? item : item[..slash];
        var step = slash < 0 ? 1 : Number(item[(slash + 1)..]) ?? 0;
        if (step == 0)
        {
            throw Wrong(column + slash + 1, $"{Durations.Quoted(item[(slash + 1)..])} is not a step.");
        }

        var (low, high) = range == "*" ? (Min, this == Weekday ? 6 : Max) : Range(range, column, open: slash >= 0);
        var values = 0ul;
        for (var value = low; value <= high; value += step)
        {
            values |= 1ul << value;
        }

        return values;
    }

    (int Low, int High) Range(string range, int column, bool open)
    {
        var dash = range.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0)
        {
            var only = Value(range, column);
            return (only, open ? Max : only);
        }

        var low = Value(range[..dash], column);
        var high = Value(range[(dash + 1)..], column + dash + 1);
        if (this == Weekday && high == 0 && low > 0)
        {
            high = 7;
        }

        return low <= high ? (low, high) : throw Wrong(column, $"{range} runs backwards; write two ranges with a comma.");
    }

    int Value(string text, int column)
    {
        var value = Number(text);
        if (value is null && Array.FindIndex(Names, name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase)) is >= 0 and var named)
        {
            return named + Min;
        }

        return value is { } number && number >= Min && number <= Max ? number : throw Wrong(column, text switch
        {
            "" => "a value is missing.",
            "?" or "L" or "W" or "#" => $"{text} is Quartz's; write a plain cron expression, or let Quartz declare its next fire time.",
            _ when value is null => $"{Durations.Quoted(text)} is not a number{(Names.Length == 0 ? "" : " or name")}.",
            _ => $"{value} is not between {Min} and {Max}.",
        });
    }

    static int? Number(string text)
    {
        var isNumber = text.Length is > 0 and <= 4 && text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;
        return isNumber ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : null;
    }

    ScheduleFormatException Wrong(int column, string reason) => new("cron", $"{Name}: {reason}", column);
}
