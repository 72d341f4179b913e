using System.Text.Json;
using Google.Protobuf;
using Microsoft.AspNetCore.Http.Features;
using Watchdesk.Clients;
using Watchdesk.Hosting.Durable.Wire;

namespace Watchdesk.Hosting.Durable;

/// <summary>
/// Maps orchestrators and activities. Their endpoints answer 200 whatever happens: to the extension, anything else fails the
/// orchestration for good, and says nothing of an activity's failure.
/// </summary>
public static partial class DurableRoutes
{
    /// <summary>The binding's name in the function.json of an orchestrator.</summary>
    public const string OrchestratorBinding = "context";

    /// <summary>The binding's name in the function.json of an activity.</summary>
    public const string ActivityBinding = "input";

    public static void MapOrchestration<TInput, TResult>(
        this IEndpointRouteBuilder routes, Orchestration<TInput, TResult> orchestration, Func<OrchestrationContext, TInput, Task<TResult>> run)
    {
        var log = LogOf(routes, orchestration.Name);
        Map(routes, orchestration.Name, (invocation, _) => Task.FromResult(Turn(invocation, log, async context =>
            DurableJson.Write(await run(context, DurableJson.Read(context.Input, orchestration.Input)!), orchestration.Result))));
    }

    /// <summary>Its token is cancelled before the host would kill the process over a call that takes too long.</summary>
    public static void MapActivity<TInput, TResult>(
        this IEndpointRouteBuilder routes, Activity<TInput, TResult> activity, Func<ActivityContext, TInput, CancellationToken, Task<TResult>> run)
    {
        var log = LogOf(routes, activity.Name);
        Map(routes, activity.Name, (invocation, token) => ActAsync(invocation, log, async (context, input) =>
            DurableJson.Write(await run(context, DurableJson.Read(input, activity.Input)!, token), activity.Result)));
    }

    static ILogger LogOf(IEndpointRouteBuilder routes, string name) => routes.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger("Watchdesk.Functions." + name);

    static void Map(IEndpointRouteBuilder routes, string function, Func<Invocation, CancellationToken, Task<string>> answer)
    {
        var trigger = new TriggerEndpoint(function, TriggerRoutes.TimerDeadline);
        routes.Map("/" + function, context => AnswerAsync(context, trigger, answer)).WithMetadata(trigger).WithDisplayName("function " + function).ExcludeFromDescription();
    }

    static async Task AnswerAsync(HttpContext context, TriggerEndpoint trigger, Func<Invocation, CancellationToken, Task<string>> answer)
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

        var clock = context.RequestServices.GetRequiredService<TimeProvider>();
        using var deadline = new CancellationTokenSource(trigger.Deadline, clock);
        var began = clock.GetTimestamp();
        var body = DurableJson.Answer(await answer(await ReadAsync(context, trigger.Function), deadline.Token));
        Telemetry.Invocations.Record(clock.GetElapsedTime(began).TotalSeconds, new("faas.name", trigger.Function), new("outcome", "done"));
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>What is no envelope becomes an invocation without data, which the answer then says.</summary>
    static async Task<Invocation> ReadAsync(HttpContext context, string function)
    {
        var id = context.Request.Headers["X-Azure-Functions-InvocationId"].ToString();
        try
        {
            var root = await JsonSerializer.DeserializeAsync(context.Request.Body, DurableJsonContext.Default.JsonElement, context.RequestAborted);
            return TriggerRoutes.Read(function, id, root);
        }
        catch (Exception error) when (error is JsonException or InvalidRequestException)
        {
            return new Invocation(function, id, default, default);
        }
    }

    /// <summary>One turn of an orchestrator: base64 in, base64 out.</summary>
    static string Turn(Invocation invocation, ILogger log, Func<OrchestrationContext, Task<string?>> code)
    {
        var request = new OrchestratorRequest { InstanceId = "unknown" };
        OrchestratorResponse response;
        try
        {
            request = OrchestratorRequest.Parser.ParseFrom(Convert.FromBase64String(invocation.ReadText(OrchestratorBinding) ?? throw new FormatException($"The invocation has no {OrchestratorBinding}.")));
            response = new Replay(request, code).Run();
        }
#pragma warning disable CA1031 // A failure that says so beats one that the host makes of a status.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Log.TurnFailed(log, error, request.InstanceId);
            response = new OrchestratorResponse { InstanceId = request.InstanceId };
            response.Actions.Add(new OrchestratorAction { CompleteOrchestration = new CompleteOrchestration { Status = OrchestrationStatus.Failed, Failure = TaskFailure.From(error).ToDetails() } });
        }

        foreach (var action in response.Actions)
        {
            if (action.CompleteOrchestration?.Failure is { } failure)
            {
                Log.OrchestrationFails(log, request.InstanceId, failure.ErrorType, failure.ErrorMessage);
            }
        }

        return Convert.ToBase64String(response.ToByteArray());
    }

    static async Task<string> ActAsync(Invocation invocation, ILogger log, Func<ActivityContext, string, Task<string>> run)
    {
        ActivityContext? context = null;
        try
        {
            var envelope = DurableJson.Envelope(invocation.ReadText(ActivityBinding)) ?? throw new InvalidRequestException("The input was not written by an orchestrator of ours.");
            context = new ActivityContext(
                envelope.GetProperty("instanceId"u8).GetString()!,
                envelope.GetProperty("executionId"u8).GetString()!,
                envelope.GetProperty("taskId"u8).GetInt32(),
                envelope.GetProperty("attempt"u8).GetInt32(),
                envelope.GetProperty("key"u8).GetString()!);
            RequestId.Use(context.InstanceId[(context.InstanceId.IndexOf(':', StringComparison.Ordinal) + 1)..]);
            return DurableJson.Result(await run(context, envelope.GetProperty("value"u8).GetRawText()));
        }
#pragma warning disable CA1031 // The host would lose what went wrong; in the answer the orchestrator learns it.
        catch (Exception error)
#pragma warning restore CA1031
        {
            var failure = error switch
            {
                OperationCanceledException => new TaskFailure("Timeout", $"It did not end within {TriggerRoutes.TimerDeadline}."),
                RemoteCallException { IsTransient: false } => TaskFailure.From(error) with { IsNonRetriable = true },
                _ => TaskFailure.From(error),
            };
            Log.ActivityFailed(log, context?.InstanceId ?? "unknown", context?.TaskId ?? -1, context?.Attempt ?? 0, failure.Type, failure.Message);
            return DurableJson.Error(failure);
        }
    }

    static partial class Log
    {
        [LoggerMessage(40, LogLevel.Error, "{Instance}: its turn could not be run")]
        public static partial void TurnFailed(ILogger log, Exception error, string instance);

        [LoggerMessage(41, LogLevel.Warning, "{Instance} fails: {Type}: {Reason}")]
        public static partial void OrchestrationFails(ILogger log, string instance, string type, string reason);

        [LoggerMessage(42, LogLevel.Warning, "{Instance}: call {Task}, try {Attempt} failed: {Type}: {Reason}")]
        public static partial void ActivityFailed(ILogger log, string instance, int task, int attempt, string type, string reason);
    }
}
