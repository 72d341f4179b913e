namespace Watchdesk.Clients;

/// <summary>A call to another service failed. The text names service, verb, path template and status; never a secret, body or query.</summary>
public sealed class RemoteCallException(string service, string call, int? status, string? code, bool isTransient, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception($"{service}: {call} answered {(status is null ? "nothing" : status)}{(code is null ? "" : $" {code}")}.", inner)
{
    public string Service { get; } = service;

    /// <summary>Null when no answer came.</summary>
    public int? Status { get; } = status;

    public string? Code { get; } = code;

    /// <summary>True when the same call may succeed later.</summary>
    public bool IsTransient { get; } = isTransient;

    public TimeSpan? RetryAfter { get; } = retryAfter;
}
