using Watchdesk.Hosting.Durable;
using Watchdesk.Incidents;
using Watchdesk.Notices;
using Watchdesk.Tenants.People;

namespace Watchdesk.Operations.Escalations;

/// <param name="Step">Null after the last; one that waits only looks whether somebody has the incident.</param>
/// <param name="Turn">Counts from 1.</param>
/// <param name="At">When the turn came, the same however often it is told.</param>
public sealed record EscalationTurn(string Tenant, string Incident, string Policy, EscalationStep? Step, int Turn, DateTimeOffset At);

public sealed record EscalationTold(bool IsOver, string Reason);

/// <summary>Tells whom a step names, unless somebody has taken the incident or it is over; its story says so.</summary>
sealed class TellEscalation(EscalationStore store, IncidentStore incidents, Groups groups, ChannelStore channels, TellPeople tell, HistoryStore history)
{
    public static readonly Activity<EscalationTurn, EscalationTold> Function = new(nameof(TellEscalation), EscalationsJson.Default.EscalationTurn, EscalationsJson.Default.EscalationTold);

    /// <summary>Beyond every change that an incident counts itself.</summary>
    const int FirstChange = 900_000;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapActivity(Function, (context, turn, cancellationToken) =>
        routes.ServiceProvider.GetRequiredService<TellEscalation>().RunAsync(context.InstanceId, turn, cancellationToken));

    async Task<EscalationTold> RunAsync(string run, EscalationTurn turn, CancellationToken cancellationToken)
    {
        if (await incidents.GetAsync(turn.Tenant, turn.Incident, cancellationToken) is not { IsOpen: true, IsOwned: false } incident)
        {
            return await EndAsync(run, turn, "somebody has it, or it is over", null, cancellationToken);
        }

        if (turn.Step is not { } step)
        {
            return await EndAsync(run, turn, "nobody took it", $"The escalation by “{turn.Policy}” is at its end, and nobody has taken it.", cancellationToken);
        }

        if (step.Wait is not null)
        {
            return new EscalationTold(false, "");
        }

        var (who, recipients) = await RecipientsAsync(turn.Tenant, step, turn.At, cancellationToken);
        var key = Key(turn);
        await NoteAsync(turn, recipients.Count > 0 ? $"Nobody has taken it: “{turn.Policy}” tells {who}." : $"“{turn.Policy}” would tell {who}, but nobody can be reached there.", cancellationToken);
        await tell.TellAsync(key, IncidentNotice.Of(turn.Tenant, incident, NoticeKind.Reminder, key, recipients), recipients, turn.At, cancellationToken);
        return new EscalationTold(false, "");
    }

    async Task<EscalationTold> EndAsync(string run, EscalationTurn turn, string reason, string? line, CancellationToken cancellationToken)
    {
        if (line is not null)
        {
            await NoteAsync(turn, line, cancellationToken);
        }

        await store.ReleaseAsync(turn.Tenant, turn.Incident, run, cancellationToken);
        return new EscalationTold(true, reason);
    }

    Task NoteAsync(EscalationTurn turn, string text, CancellationToken cancellationToken) =>
        history.AddAsync(turn.Tenant, Key(turn), [new HistoryEntry("escalated", turn.At, HistoryEntry.Desk, text)], cancellationToken);

    async Task<(string Who, IReadOnlyList<Recipient> Recipients)> RecipientsAsync(string tenant, EscalationStep step, DateTimeOffset at, CancellationToken cancellationToken)
    {
        switch (step.Notify)
        {
            case EscalationTarget.Channel:
                var channel = await channels.GetAsync(tenant, step.Id!, cancellationToken);
                return channel is null ? ("a channel that is gone", []) : ($"the channel {channel.Name}", channel.IsEnabled ? [new Recipient(channel.Id, channel.Kind, channel.Name, "by escalation")] : []);
            case EscalationTarget.Group:
                var group = await groups.GetAsync(tenant, step.Id!, cancellationToken);
                return ($"the group {group?.Name ?? "that is gone"}", await tell.RecipientsAsync(tenant, group?.Members ?? [], "by escalation", cancellationToken));
            default:
                var user = step.Notify == EscalationTarget.Person ? step.Id : (await store.RotationAsync(tenant, cancellationToken)).OnCallAt(at);
                var ways = user is null ? [] : await tell.RecipientsAsync(tenant, [user], step.Notify == EscalationTarget.Person ? "by escalation" : "on call", cancellationToken);
                return (step.Notify == EscalationTarget.OnCall ? ways.Count > 0 ? $"{ways[0].Name}, who is on call" : "who is on call" : ways.Count > 0 ? ways[0].Name : "a person who is gone", ways);
        }
    }

    static NoticeKey Key(EscalationTurn turn) => new(DateTimeOffset.FromUnixTimeMilliseconds(turn.At.ToUnixTimeMilliseconds()), turn.Incident, FirstChange + turn.Turn);
}
