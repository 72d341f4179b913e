using System.Buffers;
using System.Diagnostics;
using Watchdesk.Clients;

namespace Watchdesk.Hosting;

/// <summary>
/// One id from the caller through logs, answers and queue messages. In a request it is <see cref="HttpContext.TraceIdentifier"/>;
/// where there is no HttpContext it is <see cref="Current"/>.
/// </summary>
public static class RequestId
{
    public const string Header = "x-request-id";

    static readonly AsyncLocal<string?> _current = new();
    static readonly SearchValues<char> _allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-");

    /// <summary>The id of the request or message that is being worked on; every log line carries it.</summary>
    public static string? Current => _current.Value;

    /// <summary>For the rest of this method and what it calls, for example while one message of a batch is applied.</summary>
    public static void Use(string? id) => _current.Value = id;

    /// <summary>The caller's id, else the trace id of its traceparent, else a new one.</summary>
    internal static string Assign(HttpContext context, TimeProvider clock)
    {
        string? given = context.Request.Headers[Header];
        string id;
        if (given is { Length: > 0 and <= 64 } && !given.AsSpan().ContainsAnyExcept(_allowed))
        {
            id = given;
        }
        else if (ActivityContext.TryParse(context.Request.Headers.TraceParent, null, out var parent))
        {
            id = parent.TraceId.ToHexString();
        }
        else
        {
            id = Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.TraceId.ToHexString() : Keys.NewId(clock.GetUtcNow());
        }

        context.TraceIdentifier = id;
        context.Response.Headers[Header] = id;
        _current.Value = id;
        return id;
    }
}
