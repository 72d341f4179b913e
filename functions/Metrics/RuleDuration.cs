using System.Buffers;
using System.Globalization;
using Watchdesk.Schedules;

namespace Watchdesk.Metrics;

/// <summary>Durations of rules, <c>Xd_Xh_Xm_Xs</c>: every part a whole number that may be larger than its unit, <c>0d_0h_0m_5000s</c>.</summary>
public static class RuleDuration
{
    const string Form = "Xd_Xh_Xm_Xs, for example 0d_0h_5m_0s";
    const int MaxDigits = 9;

    static readonly SearchValues<char> Characters = SearchValues.Create("0123456789dhms_");
    static readonly (char Unit, long Seconds)[] Units = [('d', 86_400), ('h', 3600), ('m', 60), ('s', 1)];

    /// <param name="column">1-based column of the text's first character, for errors.</param>
    /// <exception cref="ScheduleFormatException">It is not such a duration; the error points at the column.</exception>
    public static TimeSpan Parse(string field, ReadOnlySpan<char> text, TimeSpan most, int column = 1)
    {
        var seconds = 0L;
        var at = 0;
        foreach (var (unit, size) in Units)
        {
            if (unit != 'd')
            {
                if (at == text.Length || text[at] != '_')
                {
                    throw new ScheduleFormatException(field, $"a _ belongs here; {Hint(text)}", column + at);
                }

                at++;
            }

            var digits = Digits(text[at..]);
            if (digits is 0 or > MaxDigits)
            {
                throw new ScheduleFormatException(field, digits == 0 ? $"the number of {unit} belongs here; {Hint(text)}" : "the number has too many digits.", column + at);
            }

            if (at + digits == text.Length || text[at + digits] != unit)
            {
                throw new ScheduleFormatException(field, $"the unit {unit} belongs here; {Hint(text)}", column + at + digits);
            }

            seconds += size * long.Parse(text.Slice(at, digits), NumberStyles.None, CultureInfo.InvariantCulture);
            at += digits + 1;
        }

        if (at < text.Length)
        {
            throw new ScheduleFormatException(field, $"nothing belongs behind the seconds; {Hint(text)}", column + at);
        }

        return seconds <= most.TotalSeconds ? TimeSpan.FromSeconds(seconds) : throw new ScheduleFormatException(field, $"the duration is longer than {Durations.Say(most)}.", column);
    }

    /// <summary>Something such as 5m or 0d_0h_5m, which may be meant for one.</summary>
    public static bool IsLike(ReadOnlySpan<char> text) => text.Length > 1 && char.IsAsciiDigit(text[0]) && text.IndexOfAnyExcept(Characters) < 0;

    static string Hint(ReadOnlySpan<char> text)
    {
        var digits = Digits(text);
        var unit = digits is > 0 and <= MaxDigits && digits == text.Length - 1 ? "dhms".IndexOf(text[digits], StringComparison.Ordinal) : -1;
        var number = text[..digits].ToString();
        return unit < 0 ? $"a duration is {Form}." : $"{text} is written {string.Join('_', Units.Select((known, n) => (n == unit ? number : "0") + known.Unit))}.";
    }

    static int Digits(ReadOnlySpan<char> text)
    {
        var count = 0;
        while (count < text.Length && char.IsAsciiDigit(text[count]))
        {
            count++;
        }

        return count;
    }
}
