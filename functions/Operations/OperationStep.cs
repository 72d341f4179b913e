using System.Text.Json.Serialization;

namespace Watchdesk.Operations;

/// <summary>Only forward, whatever comes twice or late.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StepState>))]
public enum StepState
{
    [JsonStringEnumMemberName("waiting")]
    Waiting,

    [JsonStringEnumMemberName("running")]
    Running,

    [JsonStringEnumMemberName("done")]
    Done,

    [JsonStringEnumMemberName("failed")]
    Failed,
}

/// <summary>One step of an operation, as people see it.</summary>
/// <param name="Name">What it does, for people.</param>
/// <param name="Changes">It changes something, so that undoing is owed after it.</param>
public sealed record OperationStep(string Name, bool Changes)
{
    public StepState State { get; init; }

    public DateTimeOffset? BeganAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public string? Command { get; init; }

    public int? ExitStatus { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }
}
