using System.Globalization;
using Microsoft.Extensions.Options;
using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Hosting.Embedded;

namespace Watchdesk.Heartbeats;

/// <summary><c>watchdesk replay --from --to --into [--store]</c>: rebuilds the tables of an empty store from the event log of another.</summary>
public static class ReplayCommand
{
    const string Help = """
        watchdesk replay --from <time> --to <time> --into <store> [--store <store>] [--shards <n>]

        Brings tenants, people, keys, channels, rules, jobs, the state of their runs, metrics, mails with their texts, series and words for
        the search back from the event log. Incidents are not in the log: what is not good opens a new one. Neither is how threshold rules
        stood: they are evaluated at once and begin anew.

          --from, --to   ISO 8601, whole hours; for example 2026-11-01T00:00Z
          --into         where to: a connection string, or a data folder of the embedded desk; must be empty
          --store        where the log is; the setting AzureWebJobsStorage when not given. A desk on that data folder must be stopped
          --shards       Watchdesk__DueShards of the desk that will use it; 1 when not given
        """;

    /// <param name="parts">What other rooms do.</param>
    public static async Task<int> ExecuteAsync(IReadOnlyList<string> args, IReadOnlyList<Func<ReplayTarget, ReplayPart>> parts)
    {
        if (args is [] or ["--help" or "-h", ..])
        {
            await Console.Out.WriteLineAsync(Help);
            return 0;
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var n = 0; n < args.Count; n += 2)
        {
            if (args[n] is not ("--from" or "--to" or "--into" or "--store" or "--shards") || n + 1 == args.Count)
            {
                throw new CommandLineException($"watchdesk replay: {args[n]} is unknown or has no value.");
            }

            values[args[n]] = args[n + 1];
        }

        var store = values.GetValueOrDefault("--store") ?? Environment.GetEnvironmentVariable("AzureWebJobsStorage")
            ?? throw new CommandLineException("watchdesk replay: say with --store where the event log is.");
        var shards = int.Parse(values.GetValueOrDefault("--shards", "1"), CultureInfo.InvariantCulture);
        await using var from = await OpenAsync(store);
        await using var into = await OpenAsync(values.GetValueOrDefault("--into") ?? throw new CommandLineException("watchdesk replay: --into is missing."));
        return await RunAsync(from.Services, into.Services, (Time(values, "--from"), Time(values, "--to")), shards, parts);
    }

    static async Task<int> RunAsync(
        StorageServices from, StorageServices into, (DateTimeOffset Start, DateTimeOffset End) time, int shards, IReadOnlyList<Func<ReplayTarget, ReplayPart>> parts)
    {
        var tables = new AzureTables(into.Tables());
        foreach (var table in Tables.All)
        {
            await tables.CreateTableAsync(table, default);
        }

        if (await tables.GetAsync(Tables.Meta, "m", "due") is not null)
        {
            await Console.Error.WriteLineAsync("watchdesk replay: the store to write into is in use; give an empty one.");
            return 1;
        }

        var target = new ReplayTarget(tables, new BlobClient(into.Blobs()), Options.Create(new DeskOptions { DueShards = shards }), TimeProvider.System);
        var done = await new Replay(new BlobClient(from.Blobs()), target, [.. parts.Select(part => part(target))]).RunAsync(time.Start, time.End, default);
        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{done.Lines} lines, {done.Events} events, {done.Repeats} repeats left out; {done.Jobs} jobs; last event {done.LastEventAt:O}"));
        return 0;
    }

    static DateTimeOffset Time(Dictionary<string, string> values, string name) =>
        values.TryGetValue(name, out var text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new CommandLineException($"watchdesk replay: {name} is a time such as 2026-11-01T00:00Z.");

    /// <summary>A connection string, or a folder whose storage is started for the time of the replay.</summary>
    static async Task<Store> OpenAsync(string text)
    {
        if (text.Contains('=', StringComparison.Ordinal))
        {
            return new Store(Services(text), null);
        }

        var azurite = await Azurite.StartAsync(text, inMemory: false, TimeProvider.System, Console.WriteLine, default);
        return new Store(Services(azurite.ConnectionString), azurite);
    }

    static StorageServices Services(string connectionString) => new(() => StorageAccount.Parse(connectionString), TimeProvider.System);

    sealed record Store(StorageServices Services, Azurite? Azurite) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Azurite?.DisposeAsync() ?? default;
    }
}
