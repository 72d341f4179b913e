using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Watchdesk.Clients;
using Watchdesk.Hosting.Durable;
using Watchdesk.Hosting.Durable.Wire;

namespace Watchdesk.Hosting.Embedded.Orchestrations;

/// <summary>The extension's HTTP API as the contract's section 8.3 has it, for instances of the embedded engine.</summary>
sealed class DurableManagement(DurableStore store, DurableFunctions functions, DurableMail mail, TimeProvider clock)
{
    public const string Path = "/runtime/webhooks/durabletask";

    /// <summary>As good as a system key of the host; new with every start.</summary>
    public string Key { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    public void Map(WebApplication app)
    {
        var group = app.MapGroup(Path).WithMetadata(new AllowAnonymousAttribute()).ExcludeFromDescription();
        group.AddEndpointFilter((context, next) => IsAllowed(context.HttpContext.Request) ? next(context) : ValueTask.FromResult<object?>(Results.StatusCode(401)));
        group.MapPost("/orchestrators/{name}/{id?}", StartAsync);
        group.MapGet("/instances/{id}", StatusAsync);
        group.MapPost("/instances/{id}/raiseEvent/{name}", RaiseAsync);
        group.MapPost("/instances/{id}/{verb}", TellAsync);
        group.MapDelete("/instances/{id}", PurgeAsync);
    }

    bool IsAllowed(HttpRequest request)
    {
        var given = request.Headers["x-functions-key"].ToString() is { Length: > 0 } header ? header : request.Query["code"].ToString();
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(Key));
    }

    async Task<IResult> StartAsync(string name, string? id, HttpRequest request, CancellationToken cancellationToken)
    {
        id ??= Keys.NewId(clock.GetUtcNow());
        if (!functions.HasOrchestrator(name) || !WorkItem.IsInstanceId(id) || await ReadJsonAsync(request, cancellationToken) is not { } input)
        {
            return Results.BadRequest();
        }

        // As in the source that was read: a running id is not a conflict but an error.
        return await mail.StartAsync(id, name, input, parent: null, cancellationToken)
            ? Results.Text($$"""{"id":"{{id}}","statusQueryGetUri":"{{Path}}/instances/{{id}}"}""", "application/json", statusCode: 202)
            : Results.StatusCode(500);
    }

    async Task<IResult> StatusAsync(string id, HttpRequest request, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is not { } instance)
        {
            return Results.NotFound();
        }

        var wantsInput = request.Query["showInput"] != "false";
        var partition = wantsInput ? await store.ReadAsync(id, cancellationToken) : null;
        var started = partition?.History.Concat(partition.Inbox.Select(arrival => arrival.Event)).FirstOrDefault(e => e.KindCase == HistoryEvent.KindOneofCase.ExecutionStarted);
        return Results.Text(Json(instance, started?.ExecutionStarted.Input), "application/json", statusCode: instance.IsFinished ? 200 : 202);
    }

    async Task<IResult> RaiseAsync(string id, string name, HttpRequest request, CancellationToken cancellationToken) =>
        request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) != true || await ReadJsonAsync(request, cancellationToken) is not { } data
            ? Results.BadRequest()
            : await BringAsync(id, new HistoryEvent { EventRaised = new EventRaised { Name = name, Input = data } }, cancellationToken);

    async Task<IResult> TellAsync(string id, string verb, string? reason, CancellationToken cancellationToken) => verb switch
    {
        "terminate" => await BringAsync(id, new HistoryEvent { ExecutionTerminated = new ExecutionTerminated { Input = DurableJson.Text(json => json.WriteStringValue(reason)) } }, cancellationToken),
        "suspend" => await BringAsync(id, new HistoryEvent { ExecutionSuspended = new Note { Text = reason } }, cancellationToken),
        "resume" => await BringAsync(id, new HistoryEvent { ExecutionResumed = new Note { Text = reason } }, cancellationToken),
        _ => Results.NotFound(),
    };

    async Task<IResult> BringAsync(string id, HistoryEvent arrived, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is not { } instance)
        {
            return Results.NotFound();
        }

        if (instance.IsFinished)
        {
            return Results.StatusCode(410);
        }

        if (arrived.CalculateSize() > DurableMail.MaxText)
        {
            return Results.BadRequest();
        }

        await mail.BringAsync(id, DurableKeys.Event(Keys.NewId(clock.GetUtcNow())), arrived, cancellationToken);
        return Results.StatusCode(202);
    }

    async Task<IResult> PurgeAsync(string id, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is not { IsFinished: true })
        {
            return Results.NotFound();
        }

        await store.PurgeAsync(id, cancellationToken);
        return Results.Text("""{"instancesDeleted":1}""", "application/json");
    }

    /// <summary>Null when it is not JSON or too large.</summary>
    static async Task<string?> ReadJsonAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(request.Body);
        var text = await reader.ReadToEndAsync(cancellationToken);
        return text.Length == 0 ? "null" : text.Length <= DurableMail.MaxText && MergedMetadata.TryParse(Encoding.UTF8.GetBytes(text), out _) ? text : null;
    }

    static string Json(DurableInstance instance, string? input) => DurableJson.Text(json =>
    {
        json.WriteStartObject();
        json.WriteString("name"u8, instance.Name);
        json.WriteString("instanceId"u8, instance.Id);
        json.WriteString("runtimeStatus"u8, instance.Status.ToString());
        WriteJson("input", input);
        WriteJson("customStatus", instance.CustomStatus);
        WriteJson("output", instance.Output);
        json.WriteString("createdTime"u8, instance.CreatedAt);
        json.WriteString("lastUpdatedTime"u8, instance.UpdatedAt);
        json.WriteEndObject();

        // A failure's output is a sentence and no JSON.
        void WriteJson(string name, string? text)
        {
            json.WritePropertyName(name);
            if (text is null || MergedMetadata.TryParse(Encoding.UTF8.GetBytes(text), out _))
            {
                json.WriteRawValue(text ?? "null");
            }
            else
            {
                json.WriteStringValue(text);
            }
        }
    });
}
