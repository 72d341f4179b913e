using System.Text.Json;
using Watchdesk.Clients;

namespace Watchdesk.Operations.Runners;

/// <summary>What an answer of Resource Manager says of progress and failure, in words for people.</summary>
static class ResourceErrors
{
    /// <summary>What went wrong and what to do.</summary>
    public static string Explain(ResourceAnswer answer) => (answer.Code, answer.Status) switch
    {
        ("AuthorizationFailed" or "LinkedAuthorizationFailed", _) or (_, 403) => "Azure does not allow it: give the application (or the desk's identity) a role that may do this on the resource.",
        ("InvalidAuthenticationToken" or "ExpiredAuthenticationToken" or "InvalidAuthenticationTokenTenant", _) or (_, 401) => "Azure does not accept who asks: check directory, clientId and clientSecret of the provider.",
        ("SubscriptionNotFound", _) => "There is no such subscription: check the subscription of the provider.",
        ("ResourceGroupNotFound", _) => "There is no such resource group: check its name.",
        ("ResourceNotFound" or "NotFound" or "ParentResourceNotFound", _) or (_, 404) => "There is no such resource: check its name and its resource group.",
        ("ScopeLocked", _) => "A lock on the resource forbids it: remove the lock in Azure first, if you may.",
        ("AllocationFailed" or "ZonalAllocationFailed" or "OverconstrainedAllocationRequest" or "SkuNotAvailable", _) => "Azure has no room for it there now: try later, or another size.",
        ("QuotaExceeded" or "OperationNotAllowed", _) => "Azure does not allow it now: a quota is used up, or the resource is in a state that forbids it. Its message says which.",
        ("Conflict" or "AnotherOperationInProgress" or "RequestConflict", _) or (_, 409) => "Something else is being done to the resource: wait until it has ended and ask again.",
        ("OperationPreempted" or "Canceled" or "OperationCanceled", _) => "It was called off in Azure by something newer: look at the resource.",
        (_, >= 200 and < 300) => $"Azure began it and it failed ({answer.Code ?? "no code"}); its message says why.",
        _ => $"Azure refused it ({answer.Code ?? $"{answer.Status}"}); its message says why.",
    };

    /// <summary>The <c>status</c> of an operation or the <c>provisioningState</c> of a resource; null when it has none.</summary>
    public static string? Progress(JsonElement? answer)
    {
        if (answer is not { ValueKind: JsonValueKind.Object } root)
        {
            return null;
        }

        return Text(root, "status") is { } status && IsState(status) ? status
            : root.TryGetProperty("properties"u8, out var properties) && properties.ValueKind == JsonValueKind.Object ? Text(properties, "provisioningState")
            : null;
    }

    public static string? Code(JsonElement root) => root.TryGetProperty("error"u8, out var error) && error.ValueKind == JsonValueKind.Object ? Text(error, "code") : null;

    /// <summary>The message of an error.</summary>
    public static string? Message(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("error"u8, out var error) && error.ValueKind == JsonValueKind.Object ? Text(error, "message") : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Other answers have a member of that name with another meaning.</summary>
    static bool IsState(string status) => status is "InProgress" or "Running" or "Accepted" or "Succeeded" or "Failed" or "Canceled" or "Creating" or "Updating" or "Pending" or "Started";

    static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
