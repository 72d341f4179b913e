using Watchdesk.Heartbeats;
using Watchdesk.Hosting.Durable;
using Watchdesk.Notices;
using Watchdesk.Schedules;

namespace Watchdesk.Operations;

public sealed record BeatInput(string Tenant, string Id, string Host);

/// <summary>Whether a job host has sent a heartbeat since what restarted it had ended; a run that the old process began is none.</summary>
sealed class HearBeat(OperationStore store, JobStore jobs)
{
    public static readonly Activity<BeatInput, string> Function = new(nameof(HearBeat), OperationsData.Default.BeatInput, OperationsData.Default.String);

    const int PageSize = 200;
    const int MostPages = 10;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapActivity(Function, (_, input, cancellationToken) =>
        routes.ServiceProvider.GetRequiredService<HearBeat>().RunAsync(input, cancellationToken));

    /// <summary>A sentence about the first one; empty when there is none.</summary>
    async Task<string> RunAsync(BeatInput input, CancellationToken cancellationToken)
    {
        var operation = await store.GetAsync(input.Tenant, input.Id, cancellationToken);
        var since = operation?.Steps.LastOrDefault(step => step is { Changes: true, State: StepState.Done })?.EndedAt ?? operation?.StartedAt;
        string? next = null;
        for (var page = 0; since is { } at && page < MostPages && (page == 0 || next is not null); page++)
        {
            (var rows, next) = await jobs.ListAsync(input.Tenant, PageSize, next, cancellationToken);
            var heard = rows.Select(row => (row.Job, Run: FirstAfter(row, input.Host, at.ToUnixTimeMilliseconds()))).Where(pair => pair.Run is not null).OrderBy(pair => pair.Run!.Value.At).FirstOrDefault();
            if (heard.Run is { } run)
            {
                return $"The job {heard.Job.Name} was run on {run.Host} at {NoticeText.At(DateTimeOffset.FromUnixTimeMilliseconds(run.At))}.";
            }
        }

        return "";
    }

    /// <summary>The first run of the job that the host began after the instant; null when there is none.</summary>
    static (string Host, long At)? FirstAfter(JobRow row, string host, long since) => row.State.Open.Select(run => (run.Host, At: run.StartedAt))
        .Concat(row.State.EndedNewestFirst().Select(run => (run.Host, At: run.StartedAt > 0 ? run.StartedAt : run.EndedAt)))
        .Where(run => run.At > since && (host == AwaitedBeat.AnyHost ? row.Job.Schedule is DeclaredSchedule : string.Equals(run.Host, host, StringComparison.OrdinalIgnoreCase)))
        .OrderBy(run => run.At).Select(run => ((string, long)?)run).FirstOrDefault();
}
