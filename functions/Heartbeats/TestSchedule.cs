using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Watchdesk.Hosting;
using Watchdesk.Schedules;
using Watchdesk.Tenants;

namespace Watchdesk.Heartbeats;

/// <summary><c>POST /api/v1/jobs/{job}/schedule/test</c>: what a change would have told in the last 30 days, before it is made.</summary>
public sealed class TestSchedule(JobStore store, JobHistoryReader log, TimeProvider clock)
{
    const int ShownFirings = 200;
    static readonly TimeSpan Period = TimeSpan.FromDays(30);

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/v1/jobs/{job}/schedule/test", (HttpContext context, TestSchedule api, string job, [FromBody] ScheduleTestRequest request) => api.TestAsync(context, job, request))
        .WithTags("Jobs").Requires(Role.Responder).WithName("TestSchedule")
        .WithSummary("Says what a schedule would have fired in the last 30 days");

    /// <summary>Null when there is no such job.</summary>
    public async Task<ScheduleTestAnswer?> AskAsync(string tenant, string job, ScheduleTestRequest request, CancellationToken cancellationToken)
    {
        if (await store.GetAsync(tenant, job, cancellationToken) is not { } row)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        request.ApplyTo(row.Job);
        var history = await log.ReadAsync(tenant, row.Job.Id, now - Period, now, cancellationToken);
        var would = WouldHaveFired.Of(history, row.Job, request.ApplyTo);
        var did = WouldHaveFired.Of(history, row.Job, job => job);
        var (onlyNew, onlyOld) = (Only(would, did), Only(did, would));
        return new ScheduleTestAnswer(
            history.From, history.To, history.IsPartial, history.Entries.Count(entry => entry.Event is not null),
            new FiringCounts(would.Count, did.Count, onlyNew.Count, onlyOld.Count), Newest(would), Newest(did), Newest(onlyNew), Newest(onlyOld));
    }

    async Task<Results<JsonHttpResult<ScheduleTestAnswer>, ProblemResult>> TestAsync(HttpContext context, string job, ScheduleTestRequest request) =>
        await AskAsync(context.Caller().Tenant, job, request, context.RequestAborted) is { } answer
            ? TypedResults.Json(answer, JobJson.Plain.ScheduleTestAnswer)
            : JobsApi.NotFound(job);

    static List<Firing> Only(IReadOnlyList<Firing> these, IReadOnlyList<Firing> others) => [.. these.Where(one => !others.Any(one.Overlaps))];

    static Firing[] Newest(IReadOnlyList<Firing> firings) => [.. firings.TakeLast(ShownFirings)];
}

/// <summary>What to change in the definition of a job; what is left out stays as it is.</summary>
public sealed record ScheduleTestRequest(Schedule? Schedule = null, Budgets? Budgets = null, int? AlertAfter = null, IReadOnlyList<MaintenanceWindow>? Maintenance = null)
{
    /// <exception cref="InvalidRequestException">Something is out of bounds.</exception>
    public Job ApplyTo(Job job)
    {
        var old = JobRequest.Of(job);
        var changed = old with
        {
            Schedule = Schedule ?? old.Schedule,
            Budgets = Budgets ?? old.Budgets,
            AlertAfter = AlertAfter ?? old.AlertAfter,
            Maintenance = Maintenance ?? old.Maintenance,
        };
        return changed.ApplyTo(job);
    }
}

/// <summary>By the rules of one job; that parents silence their children is left out.</summary>
/// <param name="From">The history is known from here on.</param>
/// <param name="IsPartial">The history was too large to be read whole: only its newest part was.</param>
/// <param name="Events">Events that were run through the rules.</param>
/// <param name="WouldHaveFired">With the change; of these lists the newest 200, oldest first.</param>
/// <param name="DidFire">By the definitions as they were.</param>
/// <param name="OnlyNew">Those of the first that meet none of the second.</param>
/// <param name="OnlyOld">Those of the second that meet none of the first.</param>
public sealed record ScheduleTestAnswer(
    DateTimeOffset From,
    DateTimeOffset To,
    bool IsPartial,
    int Events,
    FiringCounts Counts,
    IReadOnlyList<Firing> WouldHaveFired,
    IReadOnlyList<Firing> DidFire,
    IReadOnlyList<Firing> OnlyNew,
    IReadOnlyList<Firing> OnlyOld);

public sealed record FiringCounts(int WouldHaveFired, int DidFire, int OnlyNew, int OnlyOld);
