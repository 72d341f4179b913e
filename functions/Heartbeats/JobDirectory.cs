using Watchdesk.Clients;
using Watchdesk.Tenants;

namespace Watchdesk.Heartbeats;

/// <summary>Finds the job behind a ping address or slug; what was found is remembered for a minute, what was not is asked again.</summary>
public sealed class JobDirectory(JobStore store, TimeProvider clock)
{
    readonly Remembered<Found> _remembered = new(50_000, TimeSpan.FromSeconds(60));

    public async ValueTask<Found?> FindByUuidAsync(string uuid, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (_remembered.Get(uuid, now) is { } known)
        {
            return known;
        }

        return await store.FindByUuidAsync(uuid, cancellationToken) is { } found ? Remember(uuid, new Found(found.Tenant, found.Job), now) : null;
    }

    public async ValueTask<string?> FindBySlugAsync(string tenant, string slug, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var key = $"{tenant}/{slug}";
        if (_remembered.Get(key, now) is { } known)
        {
            return known.Job;
        }

        return await store.FindBySlugAsync(tenant, slug, cancellationToken) is { } job ? Remember(key, new Found(tenant, job), now).Job : null;
    }

    /// <summary>The job of that slug, made with <paramref name="request"/> when there is none.</summary>
    public async Task<(string Job, bool IsCreated)> FindOrCreateAsync(string tenant, string slug, JobRequest request, CancellationToken cancellationToken)
    {
        if (await FindBySlugAsync(tenant, slug, cancellationToken) is { } known)
        {
            return (known, false);
        }

        if (await store.CreateAsync(tenant, NewJob.From(request with { Name = slug, Slug = slug }, clock.GetUtcNow()), cancellationToken) is { } made)
        {
            return (made.Job.Id, true);
        }

        return (await store.FindBySlugAsync(tenant, slug, cancellationToken) ?? throw new RemoteCallException("jobs", "create", 503, "Busy", isTransient: true), false);
    }

    public void Forget(string tenant, Job job)
    {
        _remembered.Forget(job.PingId);
        _remembered.Forget($"{tenant}/{job.Slug}");
    }

    Found Remember(string key, Found found, DateTimeOffset now)
    {
        _remembered.Set(key, found, now);
        return found;
    }

    public sealed record Found(string Tenant, string Job);
}

/// <summary>A job that nobody has seen yet.</summary>
public static class NewJob
{
    public static Job From(JobRequest request, DateTimeOffset now) => request.ApplyTo(
        new Job(Keys.NewId(now), "", "", Guid.NewGuid().ToString(), default, JobRequest.DefaultSchedule, Schedules.Budgets.None, [], null, [], now));
}
