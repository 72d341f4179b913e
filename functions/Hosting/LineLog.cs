using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Watchdesk.Hosting;

/// <summary>
/// Writes each log entry as one line on standard output, with the request id: JSON in handler mode, where the host
/// collects it, readable in the embedded host. Without options, scopes or a background thread, so that it costs a cold start nothing.
/// </summary>
sealed class LineLog(bool asJson, TimeProvider clock, Stream? target = null) : ILoggerProvider
{
    readonly Stream _out = target ?? Console.OpenStandardOutput();
    readonly Lock _gate = new();

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose() => _out.Flush();

    /// <summary>One line that is not a log entry, such as the ready line.</summary>
    public void Say(string line) => WriteLine(Encoding.UTF8.GetBytes(line + "\n"));

    void Write(string category, LogLevel level, string message, Exception? error)
    {
        var now = clock.GetUtcNow();
        WriteLine(asJson ? Json(now, category, level, message, error) : Encoding.UTF8.GetBytes(Readable(now, category, level, message, error)));
    }

    void WriteLine(ReadOnlySpan<byte> line)
    {
        lock (_gate)
        {
            try
            {
                _out.Write(line);
                _out.Flush();
            }
            catch (IOException)
            {
                // Nobody reads us any more. A log must not stop the desk.
            }
        }
    }

    static ReadOnlySpan<byte> Json(DateTimeOffset now, string category, LogLevel level, string message, Exception? error)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("at"u8, now.UtcDateTime);
            json.WriteString("level"u8, level.ToString());
            json.WriteString("category"u8, category);
            json.WriteString("message"u8, message);
            if (RequestId.Current is { } id)
            {
                json.WriteString("requestId"u8, id);
            }

            if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity)
            {
                json.WriteString("traceId"u8, activity.TraceId.ToHexString());
            }

            if (error is not null)
            {
                json.WriteString("error"u8, error.ToString());
            }

            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan;
    }

    static string Readable(DateTimeOffset now, string category, LogLevel level, string message, Exception? error)
    {
        var word = level switch { LogLevel.Warning => "warn ", LogLevel.Error or LogLevel.Critical => "error", LogLevel.Information => "     ", _ => "debug" };
        var shortName = category[(category.LastIndexOf('.') + 1)..];
        var id = RequestId.Current is { } current ? $" [{current}]" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{now:HH:mm:ss} {word} {shortName}: {message}{id}{(error is null ? "" : $"\n{error}")}\n");
    }

    sealed class Logger(LineLog owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            owner.Write(category, logLevel, formatter(state, exception), exception);
    }
}
