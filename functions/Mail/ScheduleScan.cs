using System.Globalization;
using Watchdesk.Schedules;

namespace Watchdesk.Mail;

/// <summary>Reads <c>:sched-perhour-N/V:</c>, <c>-perday-</c> and <c>-permonth-</c>, from behind the word <c>sched…</c> on.</summary>
static class ScheduleScan
{
    const string Example = "write it as :sched-perday-2:, or :sched-perday-2/1: when one more or less is fine; perhour, perday and permonth are known";

    /// <summary>Null when it is not one; the advice then says what to write.</summary>
    public static CountSchedule? Read(ref TagCursor cursor, out string advice)
    {
        advice = Example;
        if (!cursor.LastWord.Equals("sched", StringComparison.Ordinal) || !cursor.TakeSpaced('-'))
        {
            return null;
        }

        CountPer? per = cursor.Word() switch { "perhour" => CountPer.Hour, "perday" => CountPer.Day, "permonth" => CountPer.Month, _ => null };
        if (per is null)
        {
            advice = $"{(cursor.LastWord.Length > 0 ? $"{cursor.LastWord} is not known, " : "")}write perhour, perday or permonth, as in :sched-perday-2:";
            return null;
        }

        if (!cursor.TakeSpaced('-'))
        {
            advice = Number(ref cursor) is { } near and > 0 and <= CountSchedule.MostCounted ? $"write {Tag(new CountSchedule(near, 0, per.Value))}" : Example;
            return null;
        }

        if (Number(ref cursor) is not { } count)
        {
            return null;
        }

        var variance = 0;
        if (cursor.TakeSpaced('/'))
        {
            if (Number(ref cursor) is not { } given)
            {
                return null;
            }

            variance = given;
        }

        if (!cursor.TakeSpaced(':'))
        {
            advice = "close it with a colon, as in :sched-perday-2/1:";
            return null;
        }

        if (count < 1 || count + variance > CountSchedule.MostCounted)
        {
            advice = string.Create(CultureInfo.InvariantCulture, $"N is at least 1 and N+V at most {CountSchedule.MostCounted}");
            return null;
        }

        return new CountSchedule(count, variance, per.Value);
    }

    public static string Tag(CountSchedule schedule) => $":sched-per{schedule.Per.ToString().ToLowerInvariant()}-{schedule.Count}{(schedule.Variance > 0 ? $"/{schedule.Variance}" : "")}:";

    static int? Number(ref TagCursor cursor)
    {
        cursor.SkipSpace();
        var digits = cursor.TakeWhile(char.IsAsciiDigit);
        return digits.Length is > 0 and <= 9 ? int.Parse(digits, CultureInfo.InvariantCulture) : digits.Length > 0 ? 999_999_999 : null;
    }
}
