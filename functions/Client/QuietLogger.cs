using Microsoft.Extensions.Logging;

namespace Watchdesk.Client;

/// <summary>A logger that never throws, for example when its factory was disposed before the last job ended.</summary>
sealed class QuietLogger(ILogger inner) : ILogger
{
#pragma warning disable CS8633 // Abstractions 2.2 has no notnull here.
    public IDisposable BeginScope<TState>(TState state) => inner.BeginScope(state);
#pragma warning restore CS8633

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            inner.Log(logLevel, eventId, state, exception!, formatter!);
        }
#pragma warning disable CA1031 // A log line is not worth a job.
        catch (Exception)
#pragma warning restore CA1031
        {
            // There is nowhere left to say it.
        }
    }
}
