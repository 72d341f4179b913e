using Microsoft.Extensions.Logging;

namespace Watchdesk.Client;

/// <summary>What a client says in the log of its program. Abstractions 2.2 has no generated messages.</summary>
static class ClientLog
{
    static readonly Action<ILogger, string, int, Exception?> _away =
        LoggerMessage.Define<string, int>(LogLevel.Warning, new EventId(1, "Away"), "Watchdesk takes no heartbeats ({Problem}); {Waiting} events wait and are sent later.");

    static readonly Action<ILogger, long, Exception?> _back =
        LoggerMessage.Define<long>(LogLevel.Information, new EventId(2, "Back"), "Watchdesk takes heartbeats again; {Dropped} events were given up meanwhile.");

    static readonly Action<ILogger, string, Exception?> _refused =
        LoggerMessage.Define<string>(LogLevel.Warning, new EventId(3, "Refused"), "Watchdesk refused an event: {Reason}. This reason is not logged again.");

    static readonly Action<ILogger, int, Exception?> _unsent =
        LoggerMessage.Define<int>(LogLevel.Warning, new EventId(4, "Unsent"), "Stopped with {Unsent} heartbeats unsent.");

    static readonly Action<ILogger, Exception?> _full =
        LoggerMessage.Define(LogLevel.Warning, new EventId(5, "Full"), "The buffer of heartbeats is full: the oldest remarks go first, then misfires, then runs.");

    static readonly Action<ILogger, string, Exception?> _failed =
        LoggerMessage.Define<string>(LogLevel.Warning, new EventId(6, "Failed"), "A heartbeat could not be made: {What}.");

    static readonly Action<ILogger, string, string, string, Exception?> _sharedSlug =
        LoggerMessage.Define<string, string, string>(LogLevel.Warning, new EventId(7, "SharedSlug"), "The jobs {First} and {Second} share the slug {Slug}: Watchdesk takes them for one job.");

    static readonly Action<ILogger, Exception?> _readable =
        LoggerMessage.Define(LogLevel.Warning, new EventId(8, "Readable"), "The address of Watchdesk is plain http: the key and the heartbeats can be read on the way.");

    public static void Readable(this ILogger logger) => _readable(logger, null);

    public static void Away(this ILogger logger, string problem, int waiting) => _away(logger, problem, waiting, null);

    public static void Back(this ILogger logger, long dropped) => _back(logger, dropped, null);

    public static void Refused(this ILogger logger, string reason) => _refused(logger, reason, null);

    public static void Unsent(this ILogger logger, int unsent) => _unsent(logger, unsent, null);

    public static void Full(this ILogger logger) => _full(logger, null);

    public static void Failed(this ILogger logger, string what, Exception exception) => _failed(logger, what, exception);

    public static void SharedSlug(this ILogger logger, string first, string second, string slug) => _sharedSlug(logger, first, second, slug, null);
}
