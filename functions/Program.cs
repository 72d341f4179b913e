using Watchdesk.Configuration;
using Watchdesk.Heartbeats;
using Watchdesk.Hosting;
using Watchdesk.Mail;
using Watchdesk.Metrics;

return await DeskRun.MainAsync(args, new Dictionary<string, Func<IReadOnlyList<string>, Task<int>>>(StringComparer.Ordinal)
{
    ["run"] = RunCommand.ExecuteAsync,
    ["replay"] = arguments => ReplayCommand.ExecuteAsync(arguments, [MetricsFeature.Replay, ReplayMails.Of, ReplayDues.Of]),
});
