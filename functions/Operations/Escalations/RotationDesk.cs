using Watchdesk.Hosting;
using Watchdesk.Incidents;
using Watchdesk.Schedules;
using Watchdesk.Tenants;

namespace Watchdesk.Operations.Escalations;

/// <param name="People">Ids in the order of their weeks, at most 50; nobody ends the rotation.</param>
/// <param name="Start">Day of the first handover, such as 2026-11-23.</param>
/// <param name="Handover">09:00 when left out.</param>
/// <param name="TimeZone">UTC when left out.</param>
public sealed record RotationRequest(IReadOnlyList<string>? People, DateOnly? Start = null, TimeOnly? Handover = null, string? TimeZone = null);

/// <param name="User">Id of who stands in.</param>
public sealed record OverrideRequest(string? User, DateTimeOffset? From, DateTimeOffset? Until);

/// <param name="OnCall">Id of who is on call now.</param>
/// <param name="Shifts">The next four weeks.</param>
public sealed record RotationAnswer(string? OnCall, string? OnCallName, Rotation Rotation, IReadOnlyList<Shift> Shifts);

/// <summary>The weekly rotation and who stands in: the one way for API and pages.</summary>
public sealed class RotationDesk(EscalationStore store, UserStore users, TimeProvider clock)
{
    const int MaxPeople = 50;
    const int MaxOverrides = 100;
    static readonly TimeSpan LongestOverride = TimeSpan.FromDays(60);
    static readonly TimeSpan KeepPast = TimeSpan.FromDays(90);

    /// <summary>How far ahead shifts are shown.</summary>
    static readonly TimeSpan Shown = TimeSpan.FromDays(28);

    public async Task<RotationAnswer> ReadAsync(string tenant, CancellationToken cancellationToken)
    {
        var (now, rotation) = (clock.GetUtcNow(), await store.RotationAsync(tenant, cancellationToken));
        var onCall = rotation.OnCallAt(now);
        return new RotationAnswer(onCall, onCall is null ? null : (await users.GetAsync(tenant, onCall, cancellationToken))?.Name, rotation, rotation.Shifts(now, now + Shown));
    }

    /// <summary>Who stands in stays.</summary>
    /// <exception cref="InvalidRequestException">The text says what is wrong.</exception>
    public async Task SaveAsync(string tenant, RotationRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var before = await store.RotationAsync(tenant, cancellationToken);
        var people = request.People ?? [];
        if (people.Count > MaxPeople)
        {
            throw new InvalidRequestException($"people has at most {MaxPeople} ids.");
        }

        foreach (var person in people)
        {
            await CheckAsync(tenant, person, cancellationToken);
        }

        var zone = request.TimeZone ?? before.TimeZone;
        _ = CronSchedule.FindZone(zone);
        var start = request.Start ?? before.Start;
        await store.PutAsync(tenant, before with
        {
            People = people,
            Start = start.Year is > 2000 and < 2200 ? start : throw new InvalidRequestException("start is a day such as 2026-11-23."),
            Handover = request.Handover ?? before.Handover,
            TimeZone = zone,
        }, cancellationToken);
    }

    /// <exception cref="InvalidRequestException">The text says what is wrong.</exception>
    public async Task StandInAsync(string tenant, OverrideRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var now = clock.GetUtcNow();
        if (request is not { From: { } from, Until: { } until } || from >= until || until <= now || until - from > LongestOverride)
        {
            throw new InvalidRequestException($"from and until are required: until lies ahead, after from, and at most {LongestOverride.TotalDays:0} days after it.");
        }

        await CheckAsync(tenant, request.User, cancellationToken);
        var rotation = await store.RotationAsync(tenant, cancellationToken);
        var kept = rotation.Overrides.Where(instead => instead.Until > now - KeepPast).ToList();
        if (kept.Count >= MaxOverrides)
        {
            throw new InvalidRequestException($"There are at most {MaxOverrides} times at which somebody stands in: take one away.");
        }

        await store.PutAsync(tenant, rotation with { Overrides = [.. kept, new RotationOverride(from.ToUniversalTime(), until.ToUniversalTime(), request.User!)] }, cancellationToken);
    }

    /// <summary>False when nobody stood in then.</summary>
    public async Task<bool> StandDownAsync(string tenant, OverrideRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var rotation = await store.RotationAsync(tenant, cancellationToken);
        List<RotationOverride> left = [.. rotation.Overrides.Where(instead => instead.From != request.From || instead.User != request.User)];
        if (left.Count == rotation.Overrides.Count)
        {
            return false;
        }

        await store.PutAsync(tenant, rotation with { Overrides = left }, cancellationToken);
        return true;
    }

    async Task CheckAsync(string tenant, string? user, CancellationToken cancellationToken)
    {
        if (!SubscriptionDesk.IsId(user ?? "") || await users.GetAsync(tenant, user!, cancellationToken) is null)
        {
            throw new InvalidRequestException($"There is nobody with the id \"{user}\" in this tenant.");
        }
    }
}
