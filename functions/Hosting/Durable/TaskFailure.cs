using Watchdesk.Hosting.Durable.Wire;

namespace Watchdesk.Hosting.Durable;

/// <summary>Why an activity or a sub-orchestration failed, as it is kept in the history.</summary>
/// <param name="Type">A short name, such as Timeout or the name of an exception.</param>
public sealed record TaskFailure(string Type, string Message, bool IsNonRetriable = false, TaskFailure? Inner = null)
{
    const int MaxMessage = 2000;
    const int MaxDepth = 8;

    /// <summary>The host says nothing about some failures, for example a child that was terminated.</summary>
    static readonly TaskFailure Unknown = new("Unknown", "The host gave no reason.");

    internal static TaskFailure From(Exception error, int depth = 0) => new(
        TypeOf(error),
        error.Message.Length <= MaxMessage ? error.Message : error.Message[..MaxMessage],
        error is ActivityException { IsRetriable: false } or InvalidRequestException,
        depth == MaxDepth ? null : error is TaskFailedException failed ? failed.Failure : error.InnerException is { } inner ? From(inner, depth + 1) : null);

    internal static TaskFailure From(FailureDetails? details) => details is null
        ? Unknown
        : new TaskFailure(details.ErrorType, details.ErrorMessage, details.IsNonRetriable, details.InnerFailure is { } inner ? From(inner) : null);

    internal FailureDetails ToDetails() => new()
    {
        ErrorType = Type,
        ErrorMessage = Message,
        IsNonRetriable = IsNonRetriable,
        InnerFailure = Inner?.ToDetails(),
    };

    /// <summary>The extension takes a failure by that name for one of the platform's and sends the turn again for ever.</summary>
    static string TypeOf(Exception error) => error switch
    {
        ActivityException activity => activity.Type,
        OutOfMemoryException => "OutOfMemory",
        _ => error.GetType().Name,
    };
}

/// <summary>Thrown to the orchestrator that awaits a failed activity or sub-orchestration.</summary>
public sealed class TaskFailedException(string task, TaskFailure failure) : Exception($"{task} failed: {failure.Message}")
{
    public string Task { get; } = task;

    public TaskFailure Failure { get; } = failure;
}

/// <summary>Thrown by an activity that knows what its failure is called and whether another try can help.</summary>
public sealed class ActivityException(string type, string message, bool isRetriable = true, Exception? inner = null) : Exception(message, inner)
{
    public string Type { get; } = type;

    public bool IsRetriable { get; } = isRetriable;
}

/// <summary>An orchestrator does not do again what its history says that it did.</summary>
public sealed class NonDeterministicOrchestrationException(string message) : Exception(message);

/// <summary>An orchestrator awaits, or is continued by, something that is not of its context.</summary>
public sealed class ForeignAwaitException(string message) : InvalidOperationException(message);
