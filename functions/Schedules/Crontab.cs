namespace Watchdesk.Schedules;

/// <summary>One job of a crontab.</summary>
/// <param name="Number">1-based line of the text.</param>
/// <param name="TimeZone">From CRON_TZ, else the zone that the caller gave.</param>
/// <param name="Name">Suggested from the command, unique in this text; also fit for a slug.</param>
public sealed record CrontabLine(int Number, string Expression, string TimeZone, string Command, string Name);

/// <param name="Number">1-based line of the text.</param>
public sealed record CrontabError(int Number, string Reason);

/// <summary>What <c>crontab -l</c> printed, read line by line: a bad line is an error of its own and the others stand.</summary>
public sealed class Crontab
{
    public const int MaxLines = 10_000;
    const int MaxLineLength = 4096;
    const int MaxNameLength = 60;

    readonly List<CrontabLine> _lines = [];
    readonly List<CrontabError> _errors = [];
    readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    readonly string _defaultZone;
    string _zone;
    int? _unknownZoneLine;

    Crontab(string timeZone)
    {
        _defaultZone = _zone = CronSchedule.FindZone(timeZone).Id;
    }

    public IReadOnlyList<CrontabLine> Lines => _lines;

    public IReadOnlyList<CrontabError> Errors => _errors;

    /// <param name="timeZone">Where the machine is: IANA zone of lines that no CRON_TZ is above.</param>
    /// <exception cref="ScheduleFormatException">More than 10,000 lines, or the zone is not known.</exception>
    public static Crontab Parse(string text, string timeZone = "UTC")
    {
        var crontab = new Crontab(timeZone);
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (++number > MaxLines)
            {
                throw new ScheduleFormatException("crontab", $"has more than {MaxLines} lines.");
            }

            try
            {
                crontab.Read(number, line.Length <= MaxLineLength
                    ? line.Trim().ToString()
                    : throw new ScheduleFormatException("line", $"longer than {MaxLineLength} characters."));
            }
            catch (ScheduleFormatException error)
            {
                crontab._errors.Add(new CrontabError(number, error.Message));
            }
        }

        return crontab;
    }

    void Read(int number, string line)
    {
        if (line.Length == 0 || line[0] == '#')
        {
            return;
        }

        if (CrontabCommand.Variable(line) is var (variable, value))
        {
            SetVariable(number, variable, value);
            return;
        }

        var (expression, command) = Split(line);
        if (string.Equals(expression, "@reboot", StringComparison.OrdinalIgnoreCase))
        {
            throw new ScheduleFormatException("cron", "@reboot has no schedule, so nothing is owed.");
        }

        expression = CronExpression.Parse(expression).ToString();
        if (_unknownZoneLine is { } zoneLine)
        {
            throw new ScheduleFormatException("timeZone", $"the CRON_TZ of line {zoneLine} is not known.");
        }

        command = CrontabCommand.WithoutInput(command);
        if (command.Length == 0)
        {
            throw new ScheduleFormatException("command", "is missing.");
        }

        if (command.StartsWith("root ", StringComparison.Ordinal))
        {
            throw new ScheduleFormatException("command", "begins with a user, as in /etc/crontab; give the output of crontab -l.");
        }

        _lines.Add(new CrontabLine(number, expression, _zone, command, Unique(CrontabCommand.SuggestName(command, MaxNameLength))));
    }

    /// <summary>Only CRON_TZ moves fire times; cron gives TZ to the command and goes by the machine's zone.</summary>
    void SetVariable(int number, string variable, string value)
    {
        if (variable != "CRON_TZ")
        {
            return;
        }

        _unknownZoneLine = number;
        _zone = value.Length == 0 ? _defaultZone : CronSchedule.FindZone(value).Id;
        _unknownZoneLine = null;
    }

    static (string Expression, string Command) Split(string line)
    {
        // SUSE: a leading - keeps the run out of the system log.
        var start = line[0] == '-' ? 1 : 0;
        var end = start;
        for (var fields = line[start..].StartsWith('@') ? 1 : 5; fields > 0 && end < line.Length; fields--)
        {
            end = SkipBlank(line, end);
            while (end < line.Length && line[end] is not (' ' or '\t'))
            {
                end++;
            }
        }

        return (line[start..end], line[end..].Trim());
    }

    static int SkipBlank(string line, int at)
    {
        while (at < line.Length && line[at] is ' ' or '\t')
        {
            at++;
        }

        return at;
    }

    string Unique(string name)
    {
        var count = _names[name] = _names.GetValueOrDefault(name) + 1;
        return count == 1 ? name : Unique($"{name}-{count}");
    }
}
