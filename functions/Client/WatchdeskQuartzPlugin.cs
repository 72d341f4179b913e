using System.Diagnostics.CodeAnalysis;
using Quartz;
using Quartz.Spi;

namespace Watchdesk.Client;

/// <summary>
/// The listener as a Quartz.NET 3 plug-in, for schedulers that are set up by properties:
/// <c>quartz.plugin.watchdesk.type = Watchdesk.Client.WatchdeskQuartzPlugin, Watchdesk.Client</c>,
/// <c>quartz.plugin.watchdesk.url</c>, <c>quartz.plugin.watchdesk.key</c>.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Quartz ends a plug-in by Shutdown.")]
public sealed class WatchdeskQuartzPlugin : ISchedulerPlugin
{
    HeartbeatClient? _client;
    SchedulerReporter? _reporter;

    /// <summary>See <see cref="HeartbeatOptions.Url"/>. Empty: the environment variable WATCHDESK_URL.</summary>
    public string Url { get; set; } = "";

    /// <summary>See <see cref="HeartbeatOptions.Key"/>. Empty: the environment variable WATCHDESK_KEY.</summary>
    public string Key { get; set; } = "";

    public Task Initialize(string pluginName, IScheduler scheduler, CancellationToken cancellationToken = default)
    {
        _client = new HeartbeatClient(new HeartbeatOptions { Url = Or(Url, "WATCHDESK_URL"), Key = Or(Key, "WATCHDESK_KEY") });
        _reporter = WatchdeskQuartz.Add(scheduler, _client, null);
        return Task.CompletedTask;
    }

    public Task Start(CancellationToken cancellationToken = default) => Task.CompletedTask;

    /// <summary>Sends what waits. Quartz calls this before it tells its listeners, when no job is waited for any more.</summary>
    public Task Shutdown(CancellationToken cancellationToken = default)
    {
        _reporter?.Stopped();
        return _client?.StopAsync() ?? Task.CompletedTask;
    }

    static string Or(string value, string variable) => value.Length > 0 ? value : Environment.GetEnvironmentVariable(variable) ?? "";
}
