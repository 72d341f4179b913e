using Watchdesk.Clients;
using Watchdesk.Hosting.Embedded.Orchestrations;

namespace Watchdesk.Hosting.Embedded;

/// <summary>
/// What Azure would be to this program, in the same process: storage before anything starts, timers and queues once it
/// serves, and an end in which what runs is finished first.
/// </summary>
sealed class EmbeddedHost(
    DeskStart start,
    DeskOptions options,
    TrialStorage trial,
    FirstSignIn firstSignIn,
    LineLog lines,
    IConfiguration configuration,
    ITables tables,
    TriggerPumps pumps,
    DurableManagement durable,
    IServiceProvider services,
    TimeProvider clock) : IHostedLifecycleService, IAsyncDisposable
{
    Azurite? azurite;

    /// <summary>Before any room starts: storage, its tables and queues, and somebody who can sign in.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (NeedsAzurite(configuration))
        {
            azurite = await Azurite.StartAsync(options.DataFolder, inMemory: false, clock, lines.Say, cancellationToken);
            configuration["AzureWebJobsStorage"] = azurite.ConnectionString;
            trial.Sentence = TrialStorage.Warning;
            lines.Say(TrialStorage.Warning);
        }

        await Task.WhenAll(Tables.All.Select(table => tables.CreateTableAsync(table, cancellationToken)));
        await firstSignIn.EnsureAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The pipeline serves now: functions are checked against its endpoints and begin to be invoked.</summary>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var functions = FunctionFolders.Read(start.Root, Setting);
        RefuseWithoutEndpoint(functions, services.GetRequiredService<EndpointDataSource>());
        pumps.Start(functions, QueueSettings.Read(await File.ReadAllBytesAsync(Path.Combine(start.Root, "host.json"), cancellationToken)), DurableEnvelopes.Client(Setting("TaskHub")!, start.LocalUrl, durable.Key));
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => pumps.StopAsync();

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Last, so that requests in flight and the rooms' own ends still find their storage.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken) => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        if (azurite is not null)
        {
            await azurite.DisposeAsync();
        }
    }

    /// <exception cref="FunctionDefinitionException">A declared function has no endpoint.</exception>
    internal static void RefuseWithoutEndpoint(IReadOnlyList<FunctionDefinition> functions, EndpointDataSource endpoints)
    {
        var mapped = endpoints.Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<TriggerEndpoint>()?.Function).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var function in functions)
        {
            if (function.Trigger is not HttpTrigger && !mapped.Contains(function.Name))
            {
                throw new FunctionDefinitionException($"The function {function.Name} has a function.json and no endpoint.");
            }
        }
    }

    /// <summary>Anything but development storage is somebody's real account.</summary>
    static bool NeedsAzurite(IConfiguration configuration) =>
        string.IsNullOrEmpty(configuration["AzureWebJobsStorage:accountName"])
        && configuration["AzureWebJobsStorage"] is null or "" or "UseDevelopmentStorage=true";

    string? Setting(string name) => configuration[name.Replace("__", ":", StringComparison.Ordinal)] is { Length: > 0 } value ? value : name switch
    {
        "TickSchedule" => "*/10 * * * * *",
        "TaskHub" => "watchdesk",
        _ => null,
    };
}
