using System.Globalization;
using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Notices;
using Watchdesk.Operations.Providers;
using Watchdesk.Tenants;

namespace Watchdesk.Operations;

/// <summary>The question to another person, and what that person said.</summary>
/// <param name="Seen">Names what is to be approved: an approval of something else is refused.</param>
/// <param name="Deadline">After it nobody can approve any more.</param>
/// <param name="Who">Who may approve, or how somebody could become one.</param>
public sealed record Approval(string Seen, DateTimeOffset Deadline, string Who)
{
    /// <summary>Null until somebody has decided.</summary>
    public bool? IsApproved { get; init; }

    public string? ById { get; init; }

    public string? By { get; init; }

    public DateTimeOffset? At { get; init; }

    /// <summary>What the person said to it.</summary>
    public string? Why { get; init; }

    /// <summary>The same for the same question: what is shown, and what would be run with what the provider's data says of it.</summary>
    internal static string Fingerprint(Operation operation, Match match, OperationPlan plan, DateTimeOffset deadline)
    {
        var planned = plan.Steps.Select(step => step.Step?.Intent).Append(plan.Undo?.Intent).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        var data = match.Provider! with { Name = "", Aliases = [], Intents = [.. match.Provider.Intents.Where(intent => planned.Contains(intent.Name)).Select(intent => intent with { Phrases = [] })] };
        string[] parts =
        [
            operation.Id, match.Preview, match.Target, deadline.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            JsonSerializer.Serialize(plan with { Done = 0 }, OperationsData.Default.OperationPlan), JsonSerializer.Serialize(data, ProvidersJson.Default.Provider),
        ];
        return Keys.Hash(string.Join('\n', parts))[..16];
    }

    /// <summary>Null when the caller may decide; else a sentence that says what is in the way.</summary>
    /// <param name="seen">What the caller looked at.</param>
    public static string? Refusal(Operation operation, Caller caller, string? seen, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(caller);
        return operation switch
        {
            { IsOver: true } => $"It has ended already: {operation.Reason ?? "nothing is left to decide"}.",
            { Approval: null } => "Nobody need approve this.",
            _ when caller.Role < Role.Approver => $"This needs the role approver; {caller.Name} is {Words.Of(caller.Role)}.",
            _ when caller.Id == operation.By.Id || caller.Person == operation.By.Person => "Nobody approves one's own run, nor that of a key of one's own. Another approver decides.",
            { Approval: { IsApproved: { } approved, By: var by } } => $"{by} has {(approved ? "approved" : "rejected")} it already.",
            { CancelledBy: { } by } => $"{by} has cancelled it.",
            _ when now >= operation.Approval.Deadline => $"It could be approved until {NoticeText.At(operation.Approval.Deadline)}. Ask for it again.",
            _ when string.IsNullOrEmpty(seen) => "seen is missing: send approval.seen of the operation, so that you decide on what you have read.",
            _ when seen != operation.Approval.Seen => "This is about an earlier preview. Open the operation, read what it would do now and decide then.",
            _ => null,
        };
    }
}
