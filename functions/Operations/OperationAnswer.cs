using System.Text.Json.Serialization;

namespace Watchdesk.Operations;

/// <param name="Seen">To be sent with a decision, so that nobody approves something else than was read.</param>
/// <param name="Who">Who may approve, or how somebody could become one.</param>
/// <param name="State">asked, approved or rejected.</param>
public sealed record ApprovalAnswer(string State, string Seen, DateTimeOffset Deadline, string Who, string? By, DateTimeOffset? At, string? Why)
{
    public static ApprovalAnswer Of(Approval approval)
    {
        ArgumentNullException.ThrowIfNull(approval);
        return new(approval.IsApproved switch { true => "approved", false => "rejected", _ => "asked" }, approval.Seen, approval.Deadline, approval.Who, approval.By, approval.At, approval.Why);
    }
}

/// <summary>One operation as it is now.</summary>
/// <param name="Light">white while it is in progress, then green or red.</param>
/// <param name="Waits">On whom.</param>
/// <param name="Reason">Why it failed or was not understood, and what to do.</param>
/// <param name="Missing">Names of arguments to add.</param>
/// <param name="Nearest">Sentences that would have been understood.</param>
/// <param name="Resp">What came out; only in the answer about one operation.</param>
public sealed record OperationAnswer(
    string Id,
    string RequestId,
    string Text,
    string By,
    OperationStatus Status,
    string Light,
    OperationStage Stage,
    string? Provider,
    string? Intent,
    string? Preview,
    string? Target,
    bool ChangesAnything,
    bool DryRun,
    DateTimeOffset StartTime,
    DateTimeOffset? RespRecvdTime,
    string? CommandExecuted,
    string? Waits,
    string? Reason,
    string? CancelledBy,
    IReadOnlyList<string>? Missing,
    IReadOnlyList<string>? Nearest,
    ApprovalAnswer? Approval,
    IReadOnlyList<OperationStep> Steps,
    string? Resp)
{
    public static OperationAnswer Of(Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return new(
            operation.Id, operation.RequestId ?? operation.Id, operation.Text, operation.By.Name, operation.Status, operation.Light, operation.Stage, operation.Provider, operation.What,
            Given(operation.Preview), Given(operation.Target), operation.ChangesAnything, operation.IsDryRun, operation.StartedAt, operation.EndedAt, operation.Command, operation.Waits, operation.Reason, operation.CancelledBy,
            List(operation.Missing), List(operation.Nearest), operation.Approval is { } approval ? ApprovalAnswer.Of(approval) : null, operation.Steps, Given(operation.Output));
    }

    static string? Given(string text) => text.Length > 0 ? text : null;

    static IReadOnlyList<string>? List(IReadOnlyList<string> list) => list.Count > 0 ? list : null;
}

public sealed record OperationList(IReadOnlyList<OperationAnswer> Items, string? Next);

/// <param name="Seen">As the operation's approval has it.</param>
/// <param name="Why">At most 300 characters.</param>
public sealed record DecisionRequest(string? Seen = null, string? Why = null);

/// <param name="Approval">Another person approves what changes something. Without it each run is an audit line.</param>
/// <param name="DryRun">Operations say what they would do, and do nothing.</param>
/// <param name="ApproveWithin">5 min to 7 d.</param>
public sealed record OperationSettings(bool Approval, bool DryRun, TimeSpan ApproveWithin);

/// <summary>The record of a request as the Amigo seed has it.</summary>
public sealed record CommandResponse(
    [property: JsonPropertyName("_id")] string Id, DateTimeOffset StartTime, DateTimeOffset? RespRecvdTime, string? CommandExecuted, string Resp, OperationStatus Status, string Light)
{
    /// <summary>What came out, or why nothing did.</summary>
    public static CommandResponse Of(Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return new(
            operation.RequestId ?? operation.Id, operation.StartedAt, operation.EndedAt, operation.Command,
            string.Join('\n', new[] { operation.Reason ?? operation.Waits ?? "", operation.Output }.Where(part => part.Length > 0)), operation.Status, operation.Light);
    }
}
