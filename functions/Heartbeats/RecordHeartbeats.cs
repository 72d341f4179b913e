using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Watchdesk.Hosting;
using Watchdesk.Schedules;
using Watchdesk.Tenants;

namespace Watchdesk.Heartbeats;

/// <summary><c>POST /api/v1/heartbeats</c>: run events as a JSON array or as lines of JSON, at most 5 MB and 10,000 events.</summary>
public sealed class RecordHeartbeats(JobDirectory jobs, Inbox inbox, TimeProvider clock)
{
    public const int MaxBytes = 5_000_000;

    static readonly JobRequest Declared = new(Schedule: new DeclaredSchedule(DeclaredSchedule.DefaultGrace));

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/heartbeats", (HttpContext context, RecordHeartbeats record) => record.HandleAsync(context))
            .RequiresScope(Scopes.Ping)
            .WithName("RecordHeartbeats")
            .WithSummary("Takes run events, a JSON array or lines of JSON");

    async Task<JsonHttpResult<Accepted>> HandleAsync(HttpContext context)
    {
        var caller = context.Caller();
        var body = await context.Request.ReadBytesAsync(MaxBytes);
        var now = clock.GetUtcNow();
        var result = await AcceptAsync(caller, Parse(body, now), context.RequestAborted);
        return TypedResults.Json(result, JobJson.Plain.Accepted, statusCode: result.Count > 0 ? StatusCodes.Status202Accepted : StatusCodes.Status400BadRequest);
    }

    /// <summary>Stores the good events and says which were refused.</summary>
    public async Task<Accepted> AcceptAsync(Caller caller, IReadOnlyList<SentEvent> events, CancellationToken cancellationToken)
    {
        var refused = new List<RefusedLine>();
        var items = new ArrayBufferWriter<byte>(events.Count * 200);
        var count = 0;
        for (var n = 0; n < events.Count; n++)
        {
            var (e, problem) = (events[n].Event, events[n].Problem);
            var job = e is null ? null : await FindJobAsync(caller, e.Job, cancellationToken);
            if (e is null || job is null)
            {
                refused.Add(new RefusedLine(n + 1, problem ?? $"There is no job {e!.Job}, and the key may not create one (scope create)."));
                continue;
            }

            if (count++ > 0)
            {
                items.Write(","u8);
            }

            using var json = new Utf8JsonWriter(items);
            InboxItem.Write(json, e with { Job = job });
        }

        if (count > 0)
        {
            await inbox.AcceptManyAsync(caller.Tenant, InboxItem.Kind, items.WrittenMemory, cancellationToken);
            Inbox.Accepted.Add(count);
        }

        return new Accepted(count, refused);
    }

    async ValueTask<string?> FindJobAsync(Caller caller, string job, CancellationToken cancellationToken)
    {
        if (JobStore.IsId(job))
        {
            return job;
        }

        return caller.Scopes.HasFlag(Scopes.Create)
            ? (await jobs.FindOrCreateAsync(caller.Tenant, job, Declared, cancellationToken)).Job
            : await jobs.FindBySlugAsync(caller.Tenant, job, cancellationToken);
    }

    static List<SentEvent> Parse(ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        try
        {
            var events = RunEventReader.ReadAll(body.Span, now);
            return events.Count > 0 ? events : throw new InvalidRequestException("The body holds no event.");
        }
        catch (FormatException problem)
        {
            throw new InvalidRequestException(problem.Message);
        }
    }
}
