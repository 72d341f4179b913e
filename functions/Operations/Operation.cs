using System.Text.Json.Serialization;
using Watchdesk.Tenants;

namespace Watchdesk.Operations;

/// <summary>What a caller polls for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OperationStatus>))]
public enum OperationStatus
{
    [JsonStringEnumMemberName("IN_PROGRESS")]
    InProgress,

    [JsonStringEnumMemberName("SUCCESS")]
    Success,

    [JsonStringEnumMemberName("FAILURE")]
    Failure,
}

/// <summary>How far it is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OperationStage>))]
public enum OperationStage
{
    [JsonStringEnumMemberName("asked")]
    Asked,

    /// <summary>Another person is asked.</summary>
    [JsonStringEnumMemberName("approval")]
    Approval,

    /// <summary>Another operation has the target.</summary>
    [JsonStringEnumMemberName("target")]
    Target,

    [JsonStringEnumMemberName("running")]
    Running,

    [JsonStringEnumMemberName("undoing")]
    Undoing,

    [JsonStringEnumMemberName("ended")]
    Ended,
}

/// <summary>Who asks.</summary>
/// <param name="Id">User id or key id.</param>
/// <param name="Role">As it was when this was asked; a person's is looked up again before anything is run.</param>
/// <param name="Person">Of a key, who made it: nobody approves the run of a key of one's own.</param>
public sealed record Asker(string Id, string Name, Role Role, string Person)
{
    public static Asker Of(Caller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return new(caller.Id, caller.Name, caller.Role, caller.Person);
    }
}

/// <summary>One request to do something, from the sentence to its end.</summary>
/// <param name="Text">As it was said.</param>
public sealed record Operation(string Tenant, string Id, string Text, Asker By, DateTimeOffset StartedAt)
{
    /// <summary>As the caller gave it; null when none was given.</summary>
    public string? RequestId { get; init; }

    /// <summary>As the caller named it; null to find it out.</summary>
    public string? Intent { get; init; }

    /// <summary>As the caller gave them, beside those of the sentence.</summary>
    public IReadOnlyDictionary<string, string> Given { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public OperationStatus Status { get; init; }

    public OperationStage Stage { get; init; }

    /// <summary>Id of the provider; null when nobody was understood to be asked.</summary>
    public string? Provider { get; init; }

    /// <summary>Name of the intent; null for a command of the provider's program.</summary>
    public string? What { get; init; }

    public string Target { get; init; } = "";

    public string Preview { get; init; } = "";

    public bool ChangesAnything { get; init; }

    public bool IsDryRun { get; init; }

    /// <summary>Null when nobody need approve it.</summary>
    public Approval? Approval { get; init; }

    public IReadOnlyList<OperationStep> Steps { get; init; } = [];

    /// <summary>On whom it waits.</summary>
    public string? Waits { get; init; }

    /// <summary>Since when it waits for its target.</summary>
    public DateTimeOffset? QueuedAt { get; init; }

    /// <summary>Who wants it to stop.</summary>
    public string? CancelledBy { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>What was run, as it would be typed.</summary>
    public string? Command { get; init; }

    /// <summary>Why it failed or was not understood, and what to do.</summary>
    public string? Reason { get; init; }

    /// <summary>Names of arguments that are missing.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Sentences that would have been understood.</summary>
    public IReadOnlyList<string> Nearest { get; init; } = [];

    /// <summary>Somebody should teach the desk this sentence.</summary>
    public bool IsConfusing { get; init; }

    /// <summary>The orchestration that carries it out now: another one after the platform has lost the first.</summary>
    public string? Run { get; init; }

    /// <summary>Longer than any of its steps.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromHours(1);

    /// <summary>It is stuck when it has not moved on by then.</summary>
    public DateTimeOffset StuckAt { get; init; }

    /// <summary>Of the last step that was run; not in lists.</summary>
    [JsonIgnore]
    public string Output { get; init; } = "";

    [JsonIgnore]
    public string ETag { get; init; } = "";

    [JsonIgnore]
    public bool IsOver => Stage == OperationStage.Ended;

    /// <summary>The lamp of the voice device: white while it works, then green or red.</summary>
    [JsonIgnore]
    public string Light => Status switch { OperationStatus.Success => "green", OperationStatus.Failure => "red", _ => "white" };

    [JsonIgnore]
    public string InstanceId => Run ?? $"{Tenant}:{Id}";

    public Operation End(OperationStatus status, string? reason, DateTimeOffset now) =>
        this with { Status = status, Stage = OperationStage.Ended, Reason = reason, EndedAt = now, Waits = null };
}
