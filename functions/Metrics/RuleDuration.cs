using System.Globalization;
using Watchdesk.Schedules;

namespace Watchdesk.Metrics;

/// <summary>Durations of rules, <c>Xd_Xh_Xm_Xs</c>: every part a whole number that may be larger than its unit, <c>0d_0h_0m_5000s</c>.</summary>
public static class RuleDuration
{
    const string Form = "Xd_Xh_Xm_Xs, for example 0d_0h_5m_0s";
    const int MaxDigits = 9;

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
                    throw new ScheduleFormatException(field, $"a _ belongs here; a duration is {Form}.", column + at);
                }

                at++;
            }

            var digits = Digits(text[at..]);
            if (digits is 0 or > MaxDigits)
            {
                throw new ScheduleFormatException(field, digits == 0 ? $"the number of {unit} belongs here; a duration is {Form}." : "the number has too many digits.", column + at);
            }

            if (at + digits == text.Length || text[at + digits] != unit)
            {
                throw new ScheduleFormatException(field, $"the unit {unit} belongs here; a duration is {Form}.", column + at + digits);
            }

            seconds += size * long.Parse(text.Slice(at, digits), NumberStyles.None, CultureInfo.InvariantCulture);
            at += digits + 1;
        }

        if (at < text.Length)
        {
            throw new ScheduleFormatException(field, $"nothing belongs behind the seconds; a duration is {Form}.", column + at);
        }

        return seconds <= most.TotalSeconds ? TimeSpan.FromSeconds(seconds) : throw new ScheduleFormatException(field, $"the duration is longer than {Durations.Say(most)}.", column);
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
