using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;

namespace Watchdesk.Hosting;

/// <summary>Marks the endpoint of a non-HTTP function. Sign-in, antiforgery and the like do not apply to it.</summary>
/// <param name="Deadline">After this the handler's token is cancelled; below the function time-out of the host.</param>
public sealed record TriggerEndpoint(string Function, TimeSpan Deadline) : IAllowAnonymous;

/// <summary>Maps non-HTTP functions to the envelope that the Functions host posts.</summary>
public static partial class TriggerRoutes
{
    /// <summary>A batch of Service Bus messages keeps its locks for 5 min; waits are included.</summary>
    public static readonly TimeSpan QueueDeadline = TimeSpan.FromSeconds(270);

    /// <summary>For timers and activities, below the function time-out of 10 min.</summary>
    public static readonly TimeSpan TimerDeadline = TimeSpan.FromMinutes(8);

    /// <summary>A message body is merged into the metadata, however deep it is.</summary>
    static readonly JsonDocumentOptions DeepEnough = new() { MaxDepth = 1000 };

    static ReadOnlyMemory<byte> Success { get; } = """{"Outputs":{},"Logs":[],"ReturnValue":null}"""u8.ToArray();

    /// <summary>
    /// Maps a non-HTTP function of the same name as its function.json. When the handler returns, everything is stored
    /// or set aside and the host gets 200; when it throws, the host gets 500 and delivers again.
    /// </summary>
    /// <param name="deadline"><see cref="QueueDeadline"/> when not given.</param>
    public static void MapTrigger(this IEndpointRouteBuilder routes, string function, Func<Invocation, CancellationToken, Task> handle, TimeSpan? deadline = null)
    {
        var trigger = new TriggerEndpoint(function, deadline ?? QueueDeadline);
        routes.Map("/" + function, context => InvokeAsync(context, trigger, handle)).WithMetadata(trigger).WithDisplayName("function " + function).ExcludeFromDescription();
    }

    static async Task InvokeAsync(HttpContext context, TriggerEndpoint trigger, Func<Invocation, CancellationToken, Task> handle)
    {
        if (!EnvelopeGuard.Allows(context))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        var services = context.RequestServices;
        var clock = services.GetRequiredService<TimeProvider>();
        using var deadline = new CancellationTokenSource(trigger.Deadline, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, deadline.Token);
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger("Watchdesk.Functions." + trigger.Function);
        var id = context.Request.Headers["X-Azure-Functions-InvocationId"].ToString();
        var began = clock.GetTimestamp();
        context.Response.StatusCode = await RunAsync(context, trigger, id, handle, log, linked.Token);
        Telemetry.Invocations.Record(clock.GetElapsedTime(began).TotalSeconds, new("faas.name", trigger.Function), new("outcome", context.Response.StatusCode == StatusCodes.Status200OK ? "done" : "failed"));
        if (context.Response.StatusCode == StatusCodes.Status200OK)
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = Success.Length;
            await context.Response.Body.WriteAsync(Success, context.RequestAborted);
        }
    }

    static async Task<int> RunAsync(HttpContext context, TriggerEndpoint trigger, string id, Func<Invocation, CancellationToken, Task> handle, ILogger log, CancellationToken cancellationToken)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, DeepEnough, cancellationToken);
            var invocation = Read(trigger.Function, id, document.RootElement);
            var services = context.RequestServices;
            var patience = trigger.Deadline == QueueDeadline ? services.GetRequiredService<Patience>() : new Patience(TimeSpan.Zero);
            await patience.RunAsync(() => handle(invocation, cancellationToken), services.GetRequiredService<TimeProvider>(), cancellationToken);
            return StatusCodes.Status200OK;
        }
        catch (Exception error) when (error is JsonException or InvalidRequestException or BadHttpRequestException)
        {
            Log.NotAnEnvelope(log, trigger.Function, id, error.Message);
            return StatusCodes.Status400BadRequest;
        }
        catch (OperationCanceledException error) when (cancellationToken.IsCancellationRequested)
        {
            Log.OutOfTime(log, error, trigger.Function, id, trigger.Deadline);
            return StatusCodes.Status500InternalServerError;
        }
#pragma warning disable CA1031 // The outermost catch of an invocation: whatever it was, the host gets 500 and delivers again.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Log.Failed(log, error, trigger.Function, id);
            return StatusCodes.Status500InternalServerError;
        }
    }

    internal static Invocation Read(string function, string id, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidRequestException("The envelope is not a JSON object.");
        }

        try
        {
            root.TryGetProperty("Data"u8, out var data);
            root.TryGetProperty("Metadata"u8, out var metadata);
            return new Invocation(function, id, data, metadata);
        }
        catch (InvalidOperationException)
        {
            throw new InvalidRequestException("The envelope has a name that is not Unicode.");
        }
    }

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Function} {Invocation}: not an invocation: {Reason}")]
        public static partial void NotAnEnvelope(ILogger log, string function, string invocation, string reason);

        [LoggerMessage(2, LogLevel.Error, "{Function} {Invocation}: ended after its {Deadline} or with its caller; it will be delivered again")]
        public static partial void OutOfTime(ILogger log, Exception error, string function, string invocation, TimeSpan deadline);

        [LoggerMessage(3, LogLevel.Error, "{Function} {Invocation}: failed; it will be delivered again")]
        public static partial void Failed(ILogger log, Exception error, string function, string invocation);
    }
}
