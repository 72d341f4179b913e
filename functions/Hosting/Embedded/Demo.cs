using System.Diagnostics;

namespace Watchdesk.Hosting.Embedded;

/// <summary>
/// <c>--demo</c>: a real scheduler with two jobs beside the desk, which a person can hang, and a mail catcher that shows what the desk
/// sent. The scheduler is a child that ends with us, however we end: it reads our end of its input.
/// </summary>
sealed class Demo(DeskStart start, SampleBuild build, DemoKeys keys, LineLog lines, TimeProvider clock) : IHostedLifecycleService, IDisposable
{
    const string ReadyWords = "Sample scheduler is ready at ";

    static readonly TimeSpan _endLimit = TimeSpan.FromSeconds(8);

    readonly CancellationTokenSource _stop = new();
    Process? _scheduler;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The desk serves now, and need not wait for a build.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _ = RunAsync(_stop.Token);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>While the desk still serves, so that the scheduler can tell its end.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        if (_scheduler is { } scheduler)
        {
            scheduler.StandardInput.Close();
            await Task.WhenAny(scheduler.WaitForExitAsync(cancellationToken), Task.Delay(_endLimit, clock, cancellationToken));
            if (!scheduler.HasExited)
            {
                scheduler.Kill();
            }
        }

        await keys.RevokeAllAsync(cancellationToken);
    }

    public void Dispose()
    {
        _scheduler?.Dispose();
        _stop.Dispose();
    }

    async Task RunAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (await build.Program.WaitAsync(stoppingToken) is { } program)
            {
                await RunAsync(program, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The desk stops.
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidOperationException)
        {
            lines.Say($"Demo: {e.Message}");
        }
    }

    async Task RunAsync(string program, CancellationToken stoppingToken)
    {
        using var setUp = new DemoSetUp(start.LocalUrl, await keys.MakeAsync(true, stoppingToken), lines);
        await setUp.AddJobsAsync(stoppingToken);
        var scheduler = Start(program, await keys.MakeAsync(false, stoppingToken));
        var errors = scheduler.StandardError.ReadToEndAsync(stoppingToken);
        while (await scheduler.StandardOutput.ReadLineAsync(stoppingToken) is { } line)
        {
            if (line.StartsWith(ReadyWords, StringComparison.Ordinal))
            {
                await setUp.AddMailChannelAsync(int.Parse(Word(line, "127.0.0.1:"), System.Globalization.CultureInfo.InvariantCulture), stoppingToken);
                Explain(line[ReadyWords.Length..].Split(',')[0]);
            }
            else if (line.StartsWith("Mail for ", StringComparison.Ordinal))
            {
                lines.Say($"Demo: {line}");
            }
        }

        lines.Say($"Demo: the sample scheduler has ended. {await errors}");
    }

    Process Start(string program, string key)
    {
        var info = new ProcessStartInfo(SampleBuild.DotNet, [program, "--port", "0", "--mail-port", "0", "--ends-with-input"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["WATCHDESK_URL"] = start.LocalUrl;
        info.Environment["WATCHDESK_KEY"] = key;
        return _scheduler = Process.Start(info)!;
    }

    void Explain(string address)
    {
        lines.Say("Demo: a Quartz scheduler runs send-notifications every 10 s and nightly-backup every 15 s. Hang one, and let it go on:");
        lines.Say($"Demo:   curl -X POST {address}/jobs/send-notifications/hang     (or fail, misfire; ok to end it)");
        lines.Say($"Demo:   mails that the desk sent: {address}/mails");
    }

    /// <summary>What follows the last <paramref name="prefix"/>, up to a comma.</summary>
    static string Word(string line, string prefix) => line[(line.LastIndexOf(prefix, StringComparison.Ordinal) + prefix.Length)..].Split(',')[0];
}
