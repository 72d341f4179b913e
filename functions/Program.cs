using Watchdesk.Heartbeats;
using Watchdesk.Hosting;

return await DeskRun.MainAsync(args, new Dictionary<string, Func<IReadOnlyList<string>, Task<int>>>(StringComparer.Ordinal)
{
    ["run"] = RunCommand.ExecuteAsync,
    ["replay"] = ReplayCommand.ExecuteAsync,
});
