using System.Globalization;

namespace SampleScheduler;

/// <summary>A job of the sample and how often it is fired.</summary>
public sealed record SampleJobPlan(string Name, TimeSpan Every);

/// <summary>What the command line and the environment said.</summary>
/// <param name="MailPort">Null: no mail catcher.</param>
/// <param name="EndsWithInput">End when standard input ends, as it does when the program that started us is gone.</param>
public sealed record SampleArguments(string? Url, string? Key, int Port, int? MailPort, bool EndsWithInput, IReadOnlyList<SampleJobPlan> Jobs, bool WantsHelp)
{
    public const string Help = """
        A real Quartz.NET scheduler whose jobs can be told to hang, fail or misfire.

        Usage: SampleScheduler --url <address> --key <wd_...> [switches]

          --url    address of Watchdesk; or the environment variable WATCHDESK_URL
          --key    API key with the scopes ping and create; or WATCHDESK_KEY
          --port   where it takes commands, on 127.0.0.1; 8124 when not given, 0 is any free one
          --job    a job and how often it is fired, 2 to 86400 s; may be repeated.
                   send-notifications=10 and nightly-backup=15 when not given
          --mail-port        catch mails on this port of 127.0.0.1, 0 is any free one; GET /mails shows them
          --ends-with-input  end when standard input ends

          curl http://127.0.0.1:8124/jobs
          curl -X POST http://127.0.0.1:8124/jobs/send-notifications/hang      also fail, misfire, ok
          curl -X POST http://127.0.0.1:8124/drain                             begins no further run, answers when none is left

        Without url and key it runs and reports to nobody. SIGTERM ends it after telling Watchdesk what still waits.
        As a systemd service:

          [Unit]
          Description=Sample scheduler of Watchdesk
          After=network-online.target
          [Service]
          Type=notify
          ExecStart=/usr/bin/dotnet /opt/sample/SampleScheduler.dll
          Environment=WATCHDESK_URL=https://desk.example.org
          EnvironmentFile=/etc/sample-scheduler.key
          Restart=on-failure
          [Install]
          WantedBy=multi-user.target
        """;

    static readonly SampleJobPlan[] _usual = [new("send-notifications", TimeSpan.FromSeconds(10)), new("nightly-backup", TimeSpan.FromSeconds(15))];

    /// <exception cref="FormatException">Something is not understood; the text names it.</exception>
    public static SampleArguments Parse(IReadOnlyList<string> args, Func<string, string?> environment)
    {
        var (url, key, port) = (environment("WATCHDESK_URL"), environment("WATCHDESK_KEY"), 8124);
        var (mailPort, endsWithInput) = ((int?)null, false);
        var jobs = new List<SampleJobPlan>();
        for (var i = 0; i < args.Count; i++)
        {
            switch (args[i])
            {
                case "--help" or "-h":
                    return new(null, null, 0, null, false, [], WantsHelp: true);
                case "--url":
                    url = Value(args, ref i);
                    break;
                case "--key":
                    key = Value(args, ref i);
                    break;
                case "--port":
                    port = Number(Value(args, ref i), 0, 65535);
                    break;
                case "--mail-port":
                    mailPort = Number(Value(args, ref i), 0, 65535);
                    break;
                case "--ends-with-input":
                    endsWithInput = true;
                    break;
                case "--job":
                    jobs.Add(Plan(Value(args, ref i)));
                    break;
                default:
                    throw new FormatException($"Unknown switch {args[i]}.");
            }
        }

        return string.IsNullOrEmpty(url) == string.IsNullOrEmpty(key)
            ? new(url, key, port, mailPort, endsWithInput, jobs.Count > 0 ? jobs : _usual, WantsHelp: false)
            : throw new FormatException("--url and --key belong together.");
    }

    static string Value(IReadOnlyList<string> args, ref int i) => ++i < args.Count ? args[i] : throw new FormatException($"{args[i - 1]} needs a value.");

    static SampleJobPlan Plan(string text) => text.Split('=') is [{ Length: > 0 } name, var seconds]
        ? new(name, TimeSpan.FromSeconds(Number(seconds, 2, 86_400)))
        : throw new FormatException($"--job is <name>=<seconds>, not {text}.");

    static int Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException($"{text} is not a number from {least} to {most}.");
}
