using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Watchdesk.Hosting.Embedded;

/// <summary>One service of the emulator: starts it, recognises it after a crash of the desk, and stops it.</summary>
sealed class AzuriteProcess(AzuriteService service, string install, string folder, bool inMemory, TimeProvider clock)
{
    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(15);
    static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionIdleTimeout = TimeSpan.Zero }) { Timeout = TimeSpan.FromSeconds(5) };

    readonly string script = Path.Combine(install, "node_modules", "azurite", "dist", "src", Name(service), "main.js");
    readonly string location = Path.Combine(folder, "azurite", Name(service));
    Process? launcher;
    bool hasServed;

    public int Pid { get; private set; }

    public int Port { get; private set; }

    public static string Name(AzuriteService service) => service switch
    {
        AzuriteService.Table => "table",
        AzuriteService.Queue => "queue",
        _ => "blob",
    };

    public bool IsAlive => Pid != 0 && IsOurs(Pid);

    /// <summary>Takes over the process that an earlier desk left; whatever else runs on our folder is ended.</summary>
    public async Task<bool> AdoptAsync(AzuriteState.Entry? left, CancellationToken cancellationToken)
    {
        Port = left?.Port ?? 0;
        if (inMemory)
        {
            return false;
        }

        if (left is not null && IsOurs(left.Pid) && OtherProcess.CommandLine(left.Pid).Contains(script, StringComparison.Ordinal) && await AnswersAsync(cancellationToken))
        {
            Pid = left.Pid;
            hasServed = true;
            return true;
        }

        foreach (var pid in OtherProcess.Find(IsOurs))
        {
            Pid = pid;
            await StopAsync(cancellationToken);
        }

        return false;
    }

    /// <summary>Keeps the port that clients already know; before that, prefers the one of the last time.</summary>
    /// <param name="launched">Called as soon as the process id is known.</param>
    public async Task StartAsync(Action launched, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(location);
        for (var tries = 1; ; tries++)
        {
            Port = hasServed || (Port != 0 && tries == 1) ? Port : FreePort();
            if (await TryStartAsync(launched, cancellationToken))
            {
                hasServed = true;
                return;
            }

            if (tries == 5)
            {
                throw new InvalidOperationException($"Azurite's {Name(service)} service did not start: {(await File.ReadAllTextAsync(Log, cancellationToken)).Trim()}");
            }
        }
    }

    /// <summary>Asks first, so that everything is saved; ends it after 15 s.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (IsAlive)
        {
            OtherProcess.AskToStop(Pid);
            var since = clock.GetTimestamp();
            while (IsAlive && !cancellationToken.IsCancellationRequested && clock.GetElapsedTime(since) < StopLimit)
            {
                await Task.Delay(Poll, clock, CancellationToken.None);
            }

            if (IsAlive)
            {
                OtherProcess.End(Pid);
            }
        }

        Pid = 0;
        launcher?.Dispose();
        launcher = null;
    }

    string Log => location + ".log";

    async Task<bool> TryStartAsync(Action launched, CancellationToken cancellationToken)
    {
        Pid = await LaunchAsync();
        launched();
        var since = clock.GetTimestamp();
        while (clock.GetElapsedTime(since) < StartLimit && IsAlive)
        {
            if (await AnswersAsync(cancellationToken))
            {
                return true;
            }

            await Task.Delay(Poll, clock, cancellationToken);
        }

        await StopAsync(cancellationToken);
        return false;
    }

    async Task<int> LaunchAsync()
    {
        var name = Name(service);
        string[] arguments =
        [
            Path.Combine(AzuriteInstall.Files, "start.cjs"), inMemory ? "follow" : "stay", Log, script,
            $"--{name}Host", "127.0.0.1", $"--{name}Port", Port.ToString(CultureInfo.InvariantCulture),
            "--silent", "--disableTelemetry", "--skipApiVersionCheck",
            .. inMemory ? (string[])["--inMemoryPersistence"] : ["--location", location],
        ];
        launcher?.Dispose();
        launcher = OtherProcess.Start("node", arguments, location) ?? throw AzuriteInstall.NodeMissing();
        var line = await launcher.StandardOutput.ReadLineAsync();
        return int.TryParse(line, CultureInfo.InvariantCulture, out var pid) ? pid
            : throw new InvalidOperationException($"Azurite's {name} service did not start: {await launcher.StandardError.ReadToEndAsync()}");
    }

    /// <summary>The id may belong to somebody else by now: only a process on our own folder is ours.</summary>
    bool IsOurs(int pid) => IsOurs(OtherProcess.CommandLine(pid));

    bool IsOurs(string line) =>
        line.Contains($"azurite/dist/src/{Name(service)}/main.js", StringComparison.Ordinal)
        && (inMemory || (line + " ").Contains($"--location {location} ", StringComparison.Ordinal));

    /// <summary>Any answer of Azurite will do; this one needs no signature.</summary>
    async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri($"http://127.0.0.1:{Port}/devstoreaccount1?comp=list"), cancellationToken);
            return answer.Headers.Server.ToString().StartsWith("Azurite", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
