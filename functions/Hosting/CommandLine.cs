using System.Globalization;
using System.Net;

namespace Watchdesk.Hosting;

/// <summary>What the command line said. Verbs have their own arguments.</summary>
public sealed record CommandLine
{
    public const int DefaultPort = 8123;

    /// <summary>Null: 8123, or the next free one.</summary>
    public int? Port { get; init; }

    /// <summary>Null: the setting <c>Watchdesk__DataFolder</c>, else <c>.watchdesk</c>.</summary>
    public string? DataFolder { get; init; }

    public string? AdminPassword { get; init; }

    public bool IsDemo { get; init; }

    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    public bool WantsHelp { get; init; }

    /// <summary>Null to start the desk.</summary>
    public string? Verb { get; init; }

    public IReadOnlyList<string> VerbArguments { get; init; } = [];

    public static string Help { get; } = """
        Watchdesk, an operations desk for background jobs.

        Usage:
          watchdesk [switches]                  start the desk on this machine
          watchdesk run [switches] -- command   run a command and report its start, end and exit status
          watchdesk replay --from <time> --to <time> --into <connection string>
                                                rebuild state from the event log into an empty store

        Switches:
          --port <number>            port to listen on; 8123, or the next free one, when not given
          --data <folder>            where the desk keeps its files; .watchdesk when not given
          --admin-password <text>    password of the first sign-in, admin; a random one is shown when not given
          --demo                     start the sample scheduler with two jobs and a mail catcher
          --listen <address>         address to listen on; 127.0.0.1 when not given, 0.0.0.0 is every one
          --help                     show this

        With FUNCTIONS_CUSTOMHANDLER_PORT set, the program is the custom handler of an Azure Functions host instead.
        """;

    /// <param name="verbs">First words that are programs of their own.</param>
    /// <exception cref="CommandLineException">Something is not understood; the text names it.</exception>
    public static CommandLine Parse(IReadOnlyList<string> args, IEnumerable<string> verbs)
    {
        if (args.Count > 0 && verbs.Contains(args[0], StringComparer.Ordinal))
        {
            return new CommandLine { Verb = args[0], VerbArguments = [.. args.Skip(1)] };
        }

        var line = new CommandLine();
        for (var i = 0; i < args.Count; i++)
        {
            var (name, inline) = Split(args[i]);
            line = name switch
            {
                "--help" or "-h" => line with { WantsHelp = true },
                "--demo" when inline is null => line with { IsDemo = true },
                "--demo" => throw new CommandLineException("--demo takes no value."),
                "--port" => line with { Port = ParsePort(Value()) },
                "--data" => line with { DataFolder = Value() },
                "--admin-password" => line with { AdminPassword = ParsePassword(Value()) },
                "--listen" => line with { Listen = ParseAddress(Value()) },
                _ => throw new CommandLineException($"Unknown {(name.StartsWith('-') ? "switch" : "word")} {name}."),
            };

            string Value() =>
                inline ?? (++i < args.Count && !args[i].StartsWith("--", StringComparison.Ordinal) ? args[i] : throw new CommandLineException($"{name} needs a value."));
        }

        return line;
    }

    static (string Name, string? Value) Split(string argument)
    {
        var equals = argument.StartsWith("--", StringComparison.Ordinal) ? argument.IndexOf('=', StringComparison.Ordinal) : -1;
        return equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
    }

    static int ParsePort(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
            ? port
            : throw new CommandLineException($"--port is a number from 1 to 65535, not {text}.");

    static string ParsePassword(string text) =>
        text.Length is >= 8 and <= 200 ? text : throw new CommandLineException("--admin-password has 8 to 200 characters.");

    static IPAddress ParseAddress(string text) => text switch
    {
        "localhost" => IPAddress.Loopback,
        "*" => IPAddress.Any,
        _ => IPAddress.TryParse(text, out var address) ? address : throw new CommandLineException($"--listen is an address such as 127.0.0.1 or 0.0.0.0, not {text}."),
    };
}

/// <summary>The command line is wrong; the text is shown to the user and the program ends with 2.</summary>
public sealed class CommandLineException(string message) : Exception(message);
