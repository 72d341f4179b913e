using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Watchdesk.Tests.Support;

/// <summary>A program that a test started: its lines, how it is told to stop, and its end with the test.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);
    readonly Process _process;
    readonly List<string> _lines = [];
    readonly SemaphoreSlim _changed = new(0);

    ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    public static ChildProcess Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start };
        var child = new ChildProcess(process);
        process.OutputDataReceived += (_, e) => child.Add(e.Data);
        process.ErrorDataReceived += (_, e) => child.Add(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
        return child;
    }

    /// <summary>The first line that contains <paramref name="text"/>; fails with all output when the program ends or is too slow.</summary>
    public async Task<string> LineAsync(string text, TimeSpan limit)
    {
        using var tooLong = new CancellationTokenSource(limit);
        while (true)
        {
            lock (_lines)
            {
                if (_lines.Find(line => line.Contains(text, StringComparison.Ordinal)) is { } found)
                {
                    return found;
                }
            }

            if (HasExited || tooLong.IsCancellationRequested)
            {
                throw new InvalidOperationException($"No line with '{text}' {(HasExited ? "before the program ended" : $"within {limit}")}:\n{Output}");
            }

            await _changed.WaitAsync(TimeSpan.FromMilliseconds(250));
        }
    }

    /// <summary>Waits for the program to end by itself; its exit code.</summary>
    public async Task<int> ExitAsync(TimeSpan limit)
    {
        using var tooLong = new CancellationTokenSource(limit);
        await _process.WaitForExitAsync(tooLong.Token);
        return _process.ExitCode;
    }

    /// <summary>SIGTERM, then the exit code.</summary>
    public async Task<int> StopAsync()
    {
        if (!HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", $"{Id}"]);
            await kill.WaitForExitAsync();
            using var tooLong = new CancellationTokenSource(StopLimit);
            await _process.WaitForExitAsync(tooLong.Token);
        }

        return _process.ExitCode;
    }

    /// <summary>SIGKILL: no line of its code runs after this.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync();
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        _changed.Dispose();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    void Add(string? line)
    {
        if (line is not null)
        {
            lock (_lines)
            {
                _lines.Add(line);
            }
        }

        _changed.Release();
    }
}
