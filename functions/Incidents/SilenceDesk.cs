using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Schedules;
using Watchdesk.Tenants;

namespace Watchdesk.Incidents;

/// <param name="Match">Something in it is given.</param>
/// <param name="From">Now when left out; later is maintenance.</param>
/// <param name="Until">At most 90 days after its beginning.</param>
/// <param name="Reason">1 to 300 characters.</param>
public sealed record SilenceRequest(SilenceMatch? Match, DateTimeOffset? Until, string? Reason = null, DateTimeOffset? From = null);

/// <param name="State">on, coming or over.</param>
public sealed record SilenceAnswer(string Id, string State, SilenceMatch Match, DateTimeOffset From, DateTimeOffset Until, string Reason, string By, DateTimeOffset CreatedAt)
{
    public static SilenceAnswer Of(Silence silence, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(silence);
        return new(silence.Id, silence.IsOn(now) ? "on" : now < silence.From ? "coming" : "over", silence.Match, silence.From, silence.Until, silence.Reason, silence.By, silence.CreatedAt);
    }
}

public sealed record SilenceList(IReadOnlyList<SilenceAnswer> Items, string? Next = null);

/// <summary>What a silence would do to what is open now.</summary>
/// <param name="Hides">Nobody would hear more of these.</param>
/// <param name="Tells">These fit and are told all the same, since they are of a new kind.</param>
/// <param name="IsAll">Not all that is open could be looked at.</param>
public sealed record SilencePreview(IReadOnlyList<IncidentAnswer> Hides, IReadOnlyList<IncidentAnswer> Tells, bool IsAll);

/// <summary>Makes and ends silences: the one way for API and pages.</summary>
public sealed class SilenceDesk(SilenceStore store, IncidentLists incidents, DueIndex due, TimeProvider clock)
{
    const int MaxOn = 200;
    const int MaxReason = 300;
    const int MaxText = 200;

    /// <param name="id">Null for a new one.</param>
    /// <returns>Null when there is none of this id, or it is over.</returns>
    /// <exception cref="InvalidRequestException">The text says what is wrong.</exception>
    public async Task<Silence?> SaveAsync(Caller caller, string? id, SilenceRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var now = clock.GetUtcNow();
        var stored = id is null ? null : await FindAsync(caller.Tenant, id, cancellationToken);
        if (id is not null && !(stored?.Until > now))
        {
            return null;
        }

        var silence = Read(request, now, stored?.From) with { Id = id ?? Keys.NewId(now), By = caller.Name, CreatedAt = stored?.CreatedAt ?? now };
        if (stored is null && (await store.ListAsync(caller.Tenant, cancellationToken)).Count(known => known.Until > now) >= MaxOn)
        {
            throw new InvalidRequestException($"A tenant has at most {MaxOn} silences at a time: end one first.");
        }

        await PutAsync(caller.Tenant, silence, now, cancellationToken);
        return silence;
    }

    /// <summary>Ends it now. Null when there is none.</summary>
    public async Task<Silence?> EndAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (await FindAsync(caller.Tenant, id, cancellationToken) is not { } silence)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        if (silence.Until > now)
        {
            silence = silence with { From = silence.From < now ? silence.From : now, Until = now };
            await PutAsync(caller.Tenant, silence, now, cancellationToken);
        }

        return silence;
    }

    public async Task<Silence?> FindAsync(string tenant, string id, CancellationToken cancellationToken) =>
        SubscriptionDesk.IsId(id) ? await store.GetAsync(tenant, id, cancellationToken) : null;

    /// <exception cref="InvalidRequestException">The text says what is wrong.</exception>
    public async Task<SilencePreview> PreviewAsync(string tenant, SilenceRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var now = clock.GetUtcNow();
        var silence = new Silence("", Read(request.Match), now, now, "", "", now);
        var (open, isAll) = await incidents.AllOpenAsync(tenant, cancellationToken);
        var fits = open.Where(silence.Match.Fits).ToLookup(silence.Hides, incident => IncidentAnswer.Of(incident));
        return new SilencePreview([.. fits[true]], [.. fits[false]], isAll);
    }

    /// <summary>The due row stands before the silence does.</summary>
    async Task PutAsync(string tenant, Silence silence, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await due.AddAsync([SilenceStore.EndOf(tenant, silence)], now, cancellationToken);
        await store.PutAsync(tenant, silence, cancellationToken);
    }

    static Silence Read(SilenceRequest request, DateTimeOffset now, DateTimeOffset? began)
    {
        ArgumentNullException.ThrowIfNull(request);
        var match = Read(request.Match);
        var from = request.From?.ToUniversalTime() ?? began ?? now;
        var until = request.Until?.ToUniversalTime();
        if (until is not { } end || end <= now || end <= from || end - from > Silence.Longest || from > now + Silence.Longest)
        {
            throw new InvalidRequestException($"until is required, later than now and than from, and at most {Silence.Longest.TotalDays:0} days after it.");
        }

        return request.Reason?.Trim() is { Length: > 0 and <= MaxReason } reason
            ? new Silence("", match, from, end, SignalList.Clean(reason, MaxReason), "", now)
            : throw new InvalidRequestException($"reason has 1 to {MaxReason} characters: say why nobody is to hear of it.");
    }

    static SilenceMatch Read(SilenceMatch? match)
    {
        var tidy = new SilenceMatch(
            match?.Severities is { Count: > 0 } severities && severities.All(Enum.IsDefined) ? [.. severities.Distinct()] : null,
            Text(match?.Org) is { } org ? OrgPath.Parse(org).Text : null, Text(match?.Name), Text(match?.Server), Text(match?.Text));
        return tidy != new SilenceMatch() ? tidy : throw new InvalidRequestException("match says what is silenced: at least one of severities, org, name, server and text.");
    }

    static string? Text(string? text) => text?.Trim() is not { Length: > 0 } given
        ? null
        : given.Length <= MaxText ? SignalList.Clean(given, MaxText) : throw new InvalidRequestException($"Each text of match has at most {MaxText} characters.");
}
