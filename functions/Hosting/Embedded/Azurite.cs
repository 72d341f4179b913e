using Watchdesk.Clients;

namespace Watchdesk.Hosting.Embedded;

/// <summary>
/// The embedded host's storage: three Azurite processes on 127.0.0.1. They outlive a crash of the desk, which finds
/// them again in <c>azurite.json</c>; one that exits is started again on its port.
/// </summary>
public sealed class Azurite : IAsyncDisposable
{
    static readonly TimeSpan Watch = TimeSpan.FromMilliseconds(250);
    static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    readonly Dictionary<AzuriteService, AzuriteProcess> processes;
    readonly HashSet<AzuriteService> stopped = [];
    readonly SemaphoreSlim turn = new(1, 1);
    readonly CancellationTokenSource ending = new();
    readonly string statePath;
    readonly FileStream folderLock;
    readonly TimeProvider clock;
    readonly Action<string> progress;
    Task watching = Task.CompletedTask;

    Azurite(string folder, string install, FileStream folderLock, bool inMemory, TimeProvider clock, Action<string> progress)
    {
        statePath = Path.Combine(folder, "azurite.json");
        processes = Enum.GetValues<AzuriteService>().ToDictionary(service => service, service => new AzuriteProcess(service, install, folder, inMemory, clock));
        this.folderLock = folderLock;
        this.clock = clock;
        this.progress = progress;
    }

    public string ConnectionString =>
        StorageAccount.Emulator(processes[AzuriteService.Table].Port, processes[AzuriteService.Queue].Port, processes[AzuriteService.Blob].Port).ToConnectionString();

    /// <summary>Process ids by service, for the health page.</summary>
    public IReadOnlyDictionary<AzuriteService, int> Pids => processes.ToDictionary(pair => pair.Key, pair => pair.Value.Pid);

    /// <param name="dataFolder">Made when missing; belongs to one desk at a time.</param>
    /// <param name="inMemory">Nothing is kept on disk and the processes end with this one, also when it crashes.</param>
    /// <param name="progress">Told what takes long or goes wrong, a line at a time.</param>
    /// <exception cref="InvalidOperationException">Says what to do.</exception>
    public static async Task<Azurite> StartAsync(
        string dataFolder, bool inMemory, TimeProvider clock, Action<string> progress, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(dataFolder).FullName;
        var taken = Lock(folder);
        Azurite? azurite = null;
        try
        {
            var install = await AzuriteInstall.EnsureAsync(AzuriteInstall.UserCache(), clock, progress, cancellationToken);
            azurite = new Azurite(folder, install, taken, inMemory, clock, progress);
            await azurite.StartAllAsync(cancellationToken);
            return azurite;
        }
        catch
        {
            await (azurite?.DisposeAsync() ?? taken.DisposeAsync());
            throw;
        }
    }

    /// <summary>Stops one service and leaves it stopped, for tests of an outage.</summary>
    public async Task StopServiceAsync(AzuriteService service, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            stopped.Add(service);
            await processes[service].StopAsync(cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }

    public async Task StartServiceAsync(AzuriteService service, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            stopped.Remove(service);
            await processes[service].StartAsync(WriteState, cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Saves everything and ends the processes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (ending.IsCancellationRequested)
        {
            return;
        }

        await ending.CancelAsync();
        await watching;
        await Task.WhenAll(processes.Values.Select(process => process.StopAsync(CancellationToken.None)));
        File.Delete(statePath);
        await folderLock.DisposeAsync();
        ending.Dispose();
        turn.Dispose();
    }

    /// <summary>What a crash leaves: the processes run, the folder is free.</summary>
    internal async Task ForgetAsync()
    {
        await ending.CancelAsync();
        await watching;
        await folderLock.DisposeAsync();
    }

    async Task StartAllAsync(CancellationToken cancellationToken)
    {
        var before = AzuriteState.Read(statePath);
        await Task.WhenAll(processes.Select(async pair =>
        {
            if (!await pair.Value.AdoptAsync(before.Services.GetValueOrDefault(AzuriteProcess.Name(pair.Key)), cancellationToken))
            {
                await pair.Value.StartAsync(WriteState, cancellationToken);
            }
        }));
        WriteState();
        watching = WatchAsync();
    }

    async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Watch, clock);
        var wait = TimeSpan.Zero;
        try
        {
            while (await timer.WaitForNextTickAsync(ending.Token))
            {
                var isWell = await StartMissingAsync();
                wait = isWell ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Clamp(wait.Ticks * 2, TimeSpan.TicksPerSecond, MaxWait.Ticks));
                if (!isWell)
                {
                    await Task.Delay(wait, clock, ending.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The desk stops.
        }
    }

    /// <summary>False when a service could not be started again.</summary>
    async Task<bool> StartMissingAsync()
    {
        await turn.WaitAsync(ending.Token);
        try
        {
            foreach (var service in processes.Keys.Where(service => !stopped.Contains(service) && !processes[service].IsAlive))
            {
                progress($"The storage emulator's {AzuriteProcess.Name(service)} service has ended and is started again.");
                await processes[service].StartAsync(WriteState, ending.Token);
            }

            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            progress(e.Message);
            return false;
        }
        finally
        {
            turn.Release();
        }
    }

    void WriteState()
    {
        lock (stopped)
        {
            new AzuriteState(processes.ToDictionary(
                pair => AzuriteProcess.Name(pair.Key), pair => new AzuriteState.Entry(pair.Value.Pid, pair.Value.Port), StringComparer.Ordinal)).Write(statePath);
        }
    }

    static FileStream Lock(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, "desk.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new InvalidOperationException($"The data folder {folder} belongs to another desk that is running. Stop it, or choose another folder with --data.", e);
        }
    }
}
