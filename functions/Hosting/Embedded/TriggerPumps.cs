using Watchdesk.Clients;
using Watchdesk.Hosting.Embedded.Orchestrations;

namespace Watchdesk.Hosting.Embedded;

/// <summary>Runs the loop of every trigger, begins a loop that failed again, and lets what runs finish at the end.</summary>
sealed partial class TriggerPumps(FunctionInvoker invoker, ITables tables, StorageQueueClient queues, DurableFunctions orchestrations, DurablePump durable, TimeProvider clock, ILogger<TriggerPumps> log) : IDisposable
{
    public static readonly TimeSpan FinishLimit = TimeSpan.FromSeconds(30);

    static readonly TimeSpan RestartWait = TimeSpan.FromSeconds(2);
    static readonly TimeSpan LogEvery = TimeSpan.FromMinutes(1);

    readonly CancellationTokenSource stopping = new();
    readonly CancellationTokenSource aborting = new();
    Task running = Task.CompletedTask;

    /// <param name="client">What a function with the input <c>durableClient</c> gets.</param>
    public void Start(IReadOnlyList<FunctionDefinition> functions, QueueSettings settings, string client)
    {
        orchestrations.Use(functions);
        var loops = functions.Select(function => Task.Run(() => LoopOf(function, settings, client) is { } loop ? KeepAsync(function.Name, loop) : Task.CompletedTask)).ToList();
        if (orchestrations.HasAny)
        {
            loops.Add(Task.Run(() => KeepAsync("orchestrations", () => durable.RunAsync(stopping.Token, aborting.Token))));
        }

        running = Task.WhenAll(loops);
    }

    /// <summary>Nothing new is invoked; what runs has a while to finish.</summary>
    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        aborting.CancelAfter(FinishLimit);
        await running;
        await durable.FinishAsync(aborting.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        stopping.Dispose();
        aborting.Dispose();
    }

    async Task KeepAsync(string name, Func<Task> run)
    {
        var loggedAt = DateTimeOffset.MinValue;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await run();
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
                    Log.BeginsAgain(log, name, error.Message);
                }

                await Task.Delay(RestartWait, clock, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Null for what is called and has no loop of its own.</summary>
    Func<Task>? LoopOf(FunctionDefinition function, QueueSettings settings, string client) => function.Trigger switch
    {
        TimerTrigger => () => new TimerPump(function, invoker, tables, clock).RunAsync(stopping.Token, aborting.Token),
        QueueTrigger => () => new QueuePump(function, invoker, queues, settings, client, clock).RunAsync(stopping.Token, aborting.Token),
        _ => null,
    };

    static partial class Log
    {
        [LoggerMessage(30, LogLevel.Warning, "The trigger of {Function} stopped and begins again: {Reason}")]
        public static partial void BeginsAgain(ILogger log, string function, string reason);
    }
}
