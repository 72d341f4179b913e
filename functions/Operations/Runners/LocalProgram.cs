using System.ComponentModel;
using System.Diagnostics;
using Watchdesk.Clients;

namespace Watchdesk.Operations.Runners;

/// <summary>
/// Runs a program as a process of this machine: own environment, own temporary HOME that is also where it runs, nothing to
/// read from, bounded in time and output. When it ends or its time is over, whatever it started ends too.
/// </summary>
/// <param name="folder">Holds the temporary homes; what an earlier life of the desk left in it is ended and deleted.</param>
/// <param name="programs">The operator's folders of programs, searched in this order and the whole PATH of the program.</param>
sealed class LocalProgram(string folder, TimeProvider clock, IReadOnlyList<string>? programs = null)
{
    /// <summary>A program that writes more is ended.</summary>
    const int MostWritten = 16 * 1024 * 1024;

    const UnixFileMode OnlyOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>In the environment of everything that a run starts, so that it is found even when it has left its parent.</summary>
    const string Mark = "WATCHDESK_RUN";

    /// <summary>How long after the end what was written is waited for: somebody else may hold the pipe.</summary>
    static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    /// <summary>How often it is asked whether it must end.</summary>
    static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    static readonly string[] Usual = ["/usr/local/bin", "/usr/bin", "/bin", "/opt/homebrew/bin"];

    readonly IReadOnlyList<string> folders = programs ?? Usual;
    readonly Lazy<string> homes = new(() =>
    {
        var path = Path.Combine(Path.GetFullPath(folder), "runs");
        if (Directory.Exists(path))
        {
            ProcessTree.KillAll($"{Mark}={path}{Path.DirectorySeparatorChar}");
            Leave(path);
        }

        return Directory.CreateDirectory(path).FullName;
    });

    /// <summary>Where the next run is at home; nobody else can look into it.</summary>
    public string NewHome()
    {
        var path = Path.Combine(homes.Value, Keys.NewId(clock.GetUtcNow()));
        return OperatingSystem.IsWindows() ? Directory.CreateDirectory(path).FullName : Directory.CreateDirectory(path, OnlyOwner).FullName;
    }

    /// <summary>The calls before it, then the call; its home is gone afterwards.</summary>
    /// <param name="stop">Asked every second while it runs: why it must end now; null to let it run.</param>
    public async Task<ProgramResult> RunAsync(ProgramCall call, TimeSpan limit, Func<CancellationToken, Task<string?>> stop, CancellationToken cancellationToken)
    {
        try
        {
            if (Find(call.Program) is not { } program)
            {
                return new ProgramResult(null, "", $"The program {call.Program} is not on this machine; install it in one of {string.Join(", ", folders)}.");
            }

            await WriteFilesAsync(call, cancellationToken);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var timer = clock.CreateTimer(_ => end.Cancel(), null, limit, Timeout.InfiniteTimeSpan);
            var watching = WatchAsync(stop, end);
            ProgramResult ran;
            try
            {
                ran = await RunAllAsync(program, call, limit, end.Token, cancellationToken);
            }
            finally
            {
                await end.CancelAsync();
            }

            return await watching is { } why && ran.ExitStatus is null ? ran with { Problem = why } : ran;
        }
        catch (Win32Exception error)
        {
            return new ProgramResult(null, "", $"The program {call.Program} could not be started: {error.Message}.");
        }
        finally
        {
            Leave(call.Home);
        }
    }

    /// <summary>What cannot be deleted now goes when the desk starts the next time.</summary>
    public static void Leave(string home)
    {
        try
        {
            Directory.Delete(home, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A process that is just dying still wrote into it.
        }
    }

    async Task<ProgramResult> RunAllAsync(string program, ProgramCall call, TimeSpan limit, CancellationToken end, CancellationToken cancellationToken)
    {
        foreach (var before in call.Before)
        {
            if (await RunAsync(program, before, call, limit, end, cancellationToken) is { ExitStatus: not 0 } failed)
            {
                return failed with { Problem = failed.Problem ?? "Its sign-in failed: check what is entered for the provider." };
            }
        }

        return await RunAsync(program, call.Arguments, call, limit, end, cancellationToken);
    }

    /// <summary>Why it was told to end; null when it ended by itself or ran out of time.</summary>
    async Task<string?> WatchAsync(Func<CancellationToken, Task<string?>> stop, CancellationTokenSource end)
    {
        using var timer = new PeriodicTimer(Look, clock);
        while (!end.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(end.Token);
                if (await stop(end.Token) is { } why)
                {
                    await end.CancelAsync();
                    return why;
                }
            }
            catch (Exception error) when (error is OperationCanceledException or RemoteCallException)
            {
                // It has ended, or storage does not answer just now.
            }
        }

        return null;
    }

    async Task<ProgramResult> RunAsync(string program, IReadOnlyList<string> arguments, ProgramCall call, TimeSpan limit, CancellationToken end, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = call.Home, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment.Clear();
        foreach (var (name, value) in call.Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["PATH"] = string.Join(Path.PathSeparator, folders);
        start.Environment[Mark] = call.Home;
        using var process = Process.Start(start)!;
        using var tooMuch = CancellationTokenSource.CreateLinkedTokenSource(end);
        using var noMore = new CancellationTokenSource();
        process.StandardInput.Close();
        var output = new BoundedOutput(MostWritten, tooMuch.Cancel);
        var reading = Task.WhenAll(output.ReadAsync(process.StandardOutput, isError: false, noMore.Token), output.ReadAsync(process.StandardError, isError: true, noMore.Token));
        var ended = await EndsAsync(process, tooMuch.Token);
        ProcessTree.Kill(process, $"{Mark}={call.Home}");
        noMore.CancelAfter(LastWords);
        await reading;
        cancellationToken.ThrowIfCancellationRequested();
        return ended ? new ProgramResult(process.ExitCode, output.Text)
            : output.IsTooMuch ? new ProgramResult(null, output.Text, $"It was stopped: it wrote more than {MostWritten / 1024 / 1024} MiB. Ask for less, for example with a filter.")
            : new ProgramResult(null, output.Text, $"It was stopped: it did not end within {limit:c}.");
    }

    static async Task<bool> EndsAsync(Process process, CancellationToken end)
    {
        try
        {
            await process.WaitForExitAsync(end);
            return true;
        }
        catch (OperationCanceledException)
        {
            return process.HasExited;
        }
    }

    string? Find(string program) => folders.Select(place => Path.Combine(place, OperatingSystem.IsWindows() ? program + ".exe" : program)).FirstOrDefault(File.Exists);

    static async Task WriteFilesAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        foreach (var (name, text) in call.Files)
        {
            var path = Path.Combine(call.Home, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, text, cancellationToken);
        }
    }
}
