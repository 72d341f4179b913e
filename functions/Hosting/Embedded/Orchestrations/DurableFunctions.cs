using System.Text.Json;
using Google.Protobuf;
using Watchdesk.Hosting.Durable.Wire;

namespace Watchdesk.Hosting.Embedded.Orchestrations;

/// <summary>Invokes orchestrators and activities and reads their answers as strictly as the extension.</summary>
sealed class DurableFunctions(FunctionInvoker invoker, TimeProvider clock)
{
    Dictionary<string, FunctionDefinition> orchestrators = [];
    Dictionary<string, FunctionDefinition> activities = [];

    public bool HasAny => orchestrators.Count > 0;

    public void Use(IReadOnlyList<FunctionDefinition> functions)
    {
        orchestrators = functions.Where(function => function.Trigger is OrchestrationTrigger).ToDictionary(function => ((OrchestrationTrigger)function.Trigger).Orchestration, StringComparer.OrdinalIgnoreCase);
        activities = functions.Where(function => function.Trigger is ActivityTrigger).ToDictionary(function => ((ActivityTrigger)function.Trigger).Activity, StringComparer.OrdinalIgnoreCase);
    }

    public bool HasOrchestrator(string name) => orchestrators.ContainsKey(name);

    /// <summary>Null when the answer is not one: the instance fails for good.</summary>
    public async Task<OrchestratorResponse?> TurnAsync(string name, OrchestratorRequest request, CancellationToken cancellationToken)
    {
        if (!orchestrators.TryGetValue(name, out var function))
        {
            return null;
        }

        var envelope = DurableEnvelopes.Orchestrator(function, Convert.ToBase64String(request.ToByteArray()), clock.GetUtcNow());
        var (refusal, body) = await invoker.CallAsync(function, envelope, cancellationToken);
        return refusal is null ? ReadTurn(body) : null;
    }

    /// <summary>Runs an activity and gives the event that tells of it.</summary>
    public async Task<HistoryEvent> ActAsync(string name, string instance, int task, string? input, CancellationToken cancellationToken)
    {
        if (!activities.TryGetValue(name, out var function))
        {
            return new HistoryEvent { TaskFailed = new TaskFailed { TaskScheduledId = task } };
        }

        var (refusal, body) = await invoker.CallAsync(function, DurableEnvelopes.Activity(function, input, instance, clock.GetUtcNow()), cancellationToken);
        var result = refusal is null ? ReadResult(body, out refusal) : null;
        return refusal is null
            ? new HistoryEvent { TaskCompleted = new TaskCompleted { TaskScheduledId = task, Result = result } }
            : new HistoryEvent { TaskFailed = new TaskFailed { TaskScheduledId = task, Failure = new FailureDetails { ErrorType = "FunctionInvocationException", ErrorMessage = $"Exception while executing function: {name}: {refusal}" } } };
    }

    internal static OrchestratorResponse? ReadTurn(string body)
    {
        try
        {
            if (ReturnValue(body) is not { ValueKind: JsonValueKind.String } value || value.GetString() is not { Length: > 0 } text)
            {
                return null;
            }

            var response = OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String(text));
            return response.Actions.All(action => action.KindCase != OrchestratorAction.KindOneofCase.None) ? response : null;
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidProtocolBufferException)
        {
            return null;
        }
    }

    /// <summary>
    /// The real host re-formats dates and decodes base64 on the way. Ours is stricter: only nothing, or JSON in a text that
    /// begins with a brace.
    /// </summary>
    static string? ReadResult(string body, out string? refusal)
    {
        refusal = null;
        var value = ReturnValue(body);
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String || !value.GetString()!.StartsWith('{'))
        {
            refusal = "its result is not an object in a text, which the host would change on the way";
        }
        else if (value.GetRawText().Length > DurableMail.MaxText)
        {
            refusal = $"its result is larger than {DurableMail.MaxText} bytes; store it and return its key";
        }

        return value.GetRawText();
    }

    static JsonElement ReturnValue(string body) => JsonElement.Parse(body).TryGetProperty("ReturnValue"u8, out var value) ? value : default;
}
