using Watchdesk.Clients;

namespace Watchdesk.Hosting;

/// <summary>The one place where an error becomes an answer: a problem with a request id, and a log line without secrets.</summary>
static partial class Errors
{
    public static void UseErrors(this WebApplication app)
    {
        var clock = app.Services.GetRequiredService<TimeProvider>();
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Watchdesk.Requests");
        app.Use(next => context => AnswerAsync(context, next, clock, log));
    }

    static async Task AnswerAsync(HttpContext context, RequestDelegate next, TimeProvider clock, ILogger log)
    {
        using var activity = Traces.Begin(context);
        RequestId.Assign(context, clock);
        await AnswerAsync(context, next, log);
        if (activity is not null)
        {
            Traces.End(activity, context);
        }
    }

    static async Task AnswerAsync(HttpContext context, RequestDelegate next, ILogger log)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
#pragma warning disable CA1031 // Whatever it was, the caller gets an answer and the log the reason.
        catch (Exception error)
#pragma warning restore CA1031
        {
            var problem = Problem.From(error);
            Note(context, problem.Status, error, log);
            if (context.Response.HasStarted)
            {
                context.Abort();
                return;
            }

            context.Response.Clear();
            context.Response.Headers[RequestId.Header] = context.TraceIdentifier;
            await problem.WriteAsync(context);
            return;
        }

        var response = context.Response;
        if (response.StatusCode >= 400 && !response.HasStarted && response.ContentLength is null && response.ContentType is null)
        {
            await Problem.Of(response.StatusCode).WriteAsync(context);
        }
    }

    static void Note(HttpContext context, int status, Exception error, ILogger log)
    {
        // The pattern and not the path: addresses of pings, badges and webhooks are secrets.
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";
        switch (status)
        {
            case < 500:
                Log.Refused(log, context.Request.Method, route, status, error.Message);
                break;
            case StatusCodes.Status503ServiceUnavailable:
                Log.Unavailable(log, context.Request.Method, route, (error as RemoteCallException)?.Message ?? error.Message);
                break;
            default:
                Log.Failed(log, error, context.Request.Method, route);
                break;
        }
    }

    static partial class Log
    {
        [LoggerMessage(10, LogLevel.Debug, "{Method} {Route} refused with {Status}: {Reason}")]
        public static partial void Refused(ILogger log, string method, string route, int status, string reason);

        [LoggerMessage(11, LogLevel.Warning, "{Method} {Route} put off: {Reason}")]
        public static partial void Unavailable(ILogger log, string method, string route, string reason);

        [LoggerMessage(12, LogLevel.Error, "{Method} {Route} failed")]
        public static partial void Failed(ILogger log, Exception error, string method, string route);
    }
}
