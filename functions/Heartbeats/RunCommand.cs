using System.ComponentModel;
using Watchdesk.Clients;

namespace Watchdesk.Heartbeats;

/// <summary><c>watchdesk run</c>: wraps a command, for example a line of a crontab, in a run of a job.</summary>
public static class RunCommand
{
    const int WrongUsage = 2;
    const int CannotExecute = 126;
    const int NotFound = 127;

    /// <param name="args">What follows the verb.</param>
    /// <returns>The exit status of the command; 126 when it may not be executed, 127 when there is none, 2 when our own switches are wrong.</returns>
    public static Task<int> ExecuteAsync(IReadOnlyList<string> args) =>
        ExecuteAsync(args, Environment.GetEnvironmentVariable, TimeProvider.System, new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }, Console.Error);

    internal static async Task<int> ExecuteAsync(
        IReadOnlyList<string> args, Func<string, string?> environment, TimeProvider clock, HttpMessageHandler handler, TextWriter complaints)
    {
        if (args is ["--help" or "-h", ..])
        {
            await Console.Out.WriteLineAsync(RunCommandLine.Help);
            return 0;
        }

        RunCommandLine line;
        try
        {
            line = RunCommandLine.Parse(args, environment);
        }
        catch (FormatException error)
        {
            await complaints.WriteLineAsync($"watchdesk run: {error.Message} Try --help.");
            return WrongUsage;
        }

        using var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        using var report = RunReport.For(line, http, clock);
        if (report is null)
        {
            await complaints.WriteLineAsync("watchdesk run: no address or key of Watchdesk (--url, --key, WATCHDESK_URL, WATCHDESK_KEY): the command runs unreported.");
        }

        using var signals = new ForwardedSignals();
        report?.Start(Keys.NewId(clock.GetUtcNow()));
        var end = await RunAsync(line, signals);
        if (report is not null && await report.EndAsync(end) is { } problem)
        {
            await complaints.WriteLineAsync($"watchdesk run: Watchdesk was not told ({problem}).");
        }

        return end.ExitStatus;
    }

    static async Task<CommandEnd> RunAsync(RunCommandLine line, ForwardedSignals signals)
    {
        try
        {
            return await ChildCommand.RunAsync(line.Command, line.KeepsOutput, signals);
        }
        catch (Win32Exception error)
        {
            const int NoAccess = 13;
            await Console.Error.WriteLineAsync($"watchdesk run: {line.Command[0]}: {error.Message}");
            return new CommandEnd(error.NativeErrorCode == NoAccess ? CannotExecute : NotFound, error.Message);
        }
    }
}

/// <param name="Output">The last 10 kB; null when nothing was kept.</param>
sealed record CommandEnd(int ExitStatus, string? Output);
