using System.Buffers;
using System.Globalization;
using Watchdesk.Schedules;

namespace Watchdesk.Heartbeats;

/// <summary>What <c>watchdesk run</c> was told.</summary>
/// <param name="Url">Empty when nobody said it: the command then runs unreported.</param>
/// <param name="Every">From the start of one run to that of the next; null says nothing about the next.</param>
/// <param name="Grace">Added to <paramref name="Every"/>.</param>
/// <param name="Wait">How long the end of the command may wait for Watchdesk, 0 to 60 s.</param>
sealed record RunCommandLine(string Url, string Key, string Job, TimeSpan? Every, TimeSpan Grace, TimeSpan Wait, bool KeepsOutput, IReadOnlyList<string> Command)
{
    static readonly SearchValues<char> _slug = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-");

    public const string Help = """
        Usage: watchdesk run --job <slug> [switches] [--] command [arguments]

        Runs the command and tells Watchdesk its start, end, exit status, duration and the last 10 kB of its output. The
        command runs, and its exit status is passed on, whether Watchdesk answers or not.

          --job <slug>       the job, of a-z, 0-9, _ and -; made at its first run when the key has the scope create
          --url <address>    of Watchdesk; or the environment variable WATCHDESK_URL
          --key <wd_...>     API key with the scope ping; or WATCHDESK_KEY, which other users of the machine cannot see.
                             An admin makes one on the page /settings of Watchdesk, or with POST /api/v1/keys
          --every <time>     the next run is due so long after the start of this one: d.hh:mm:ss, for example 1.00:00:00
          --grace <time>     added to it
          --wait <seconds>   how long the end may wait for Watchdesk, 0 to 60; 10 when not given
          --no-output        do not send the output

        SIGINT, SIGTERM, SIGHUP and SIGQUIT are passed to the command. In a crontab:
          30 2 * * *  watchdesk run --job nightly-backup --every 1.00:00:00 --grace 00:30:00 -- /usr/local/bin/backup
        """;

    /// <exception cref="FormatException">Something is missing or not understood; the text names it.</exception>
    public static RunCommandLine Parse(IReadOnlyList<string> args, Func<string, string?> environment)
    {
        var line = new RunCommandLine(environment("WATCHDESK_URL") ?? "", environment("WATCHDESK_KEY") ?? "", "", null, TimeSpan.Zero, TimeSpan.FromSeconds(10), true, []);
        var i = 0;
        for (; i < args.Count && args[i].StartsWith('-') && args[i] != "--"; i++)
        {
            line = args[i] switch
            {
                "--url" => line with { Url = Value() },
                "--key" => line with { Key = Value() },
                "--job" => line with { Job = Value() },
                "--every" => line with { Every = Time(Value()) },
                "--grace" => line with { Grace = Time(Value()) },
                "--wait" => line with { Wait = Seconds(Value()) },
                "--no-output" => line with { KeepsOutput = false },
                _ => throw new FormatException($"Unknown switch {args[i]}; a command that begins with a hyphen comes after --."),
            };
        }

        line = line with { Command = [.. args.Skip(i < args.Count && args[i] == "--" ? i + 1 : i)] };
        return line switch
        {
            { Command.Count: 0 } => throw new FormatException("The command is missing."),
            { Job: "" } => throw new FormatException("--job is missing."),
            { Job.Length: > 100 } => throw new FormatException("--job has at most 100 characters."),
            _ when line.Job.AsSpan().ContainsAnyExcept(_slug) => throw new FormatException($"--job is of a-z, 0-9, _ and -, not {line.Job}."),
            { Every: null } when line.Grace > TimeSpan.Zero => throw new FormatException("--grace needs --every."),
            _ => line,
        };

        string Value() => ++i < args.Count ? args[i] : throw new FormatException($"{args[i - 1]} needs a value.");
    }

    static TimeSpan Time(string text)
    {
        try
        {
            return Durations.Parse("duration", text);
        }
        catch (ScheduleFormatException error)
        {
            throw new FormatException(error.Message, error);
        }
    }

    static TimeSpan Seconds(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= 60
            ? TimeSpan.FromSeconds(seconds)
            : throw new FormatException($"--wait is a number of seconds from 0 to 60, not {text}.");
}
