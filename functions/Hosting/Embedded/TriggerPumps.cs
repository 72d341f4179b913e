using Watchdesk.Clients;

namespace Watchdesk.Hosting.Embedded;

/// <summary>Runs the loop of every trigger, begins a loop that failed again, and lets what runs finish at the end.</summary>
sealed partial class TriggerPumps(FunctionInvoker invoker, ITables tables, StorageQueueClient queues, TimeProvider clock, ILogger<TriggerPumps> log) : IDisposable
{
    public static readonly TimeSpan FinishLimit = TimeSpan.FromSeconds(30);

    static readonly TimeSpan RestartWait = TimeSpan.FromSeconds(2);
    static readonly TimeSpan LogEvery = TimeSpan.FromMinutes(1);

    readonly CancellationTokenSource stopping = new();
    readonly CancellationTokenSource aborting = new();
    Task running = Task.CompletedTask;

    public void Start(IReadOnlyList<FunctionDefinition> functions, QueueSettings settings) =>
        running = Task.WhenAll(functions.Where(function => function.Trigger is not HttpTrigger).Select(function => Task.Run(() => KeepAsync(function, settings))));

    /// <summary>Nothing new is invoked; what runs has a while to finish.</summary>
    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        aborting.CancelAfter(FinishLimit);
        await running;
    }

    public void Dispose()
    {
        stopping.Dispose();
        aborting.Dispose();
    }

    async Task KeepAsync(FunctionDefinition function, QueueSettings settings)
    {
        var loggedAt = DateTimeOffset.MinValue;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await RunAsync(function, settings);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A trigger's loop outlives whatever went wrong in it.
            catch (Exception error)
#pragma warning restore CA1031
            {
                if (clock.GetUtcNow() - loggedAt > LogEvery)
                {
                    loggedAt = clock.GetUtcNow();
                    Log.BeginsAgain(log, function.Name, error.Message);
                }

                await Task.Delay(RestartWait, clock, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    Task RunAsync(FunctionDefinition function, QueueSettings settings) => function.Trigger is TimerTrigger
        ? new TimerPump(function, invoker, tables, clock).RunAsync(stopping.Token, aborting.Token)
        : new QueuePump(function, invoker, queues, settings, clock).RunAsync(stopping.Token, aborting.Token);

    static partial class Log
    {
        [LoggerMessage(30, LogLevel.Warning, "The trigger of {Function} stopped and begins again: {Reason}")]
        public static partial void BeginsAgain(ILogger log, string function, string reason);
    }
}
