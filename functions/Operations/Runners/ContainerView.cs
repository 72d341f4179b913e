using System.Text.Json;

namespace Watchdesk.Operations.Runners;

/// <summary>What a container group says of the one container in it.</summary>
/// <param name="Problem">Why it never ran.</param>
sealed record ContainerView(bool HasEnded, int? ExitStatus, string? Problem = null)
{
    public static ContainerView Read(string body)
    {
        using var json = JsonDocument.Parse(body);
        var properties = json.RootElement.GetProperty("properties"u8);
        var state = Find(properties, "containers", "properties", "instanceView", "currentState");
        if (state is { } current && Text(current, "state") == "Terminated")
        {
            return new ContainerView(true, current.TryGetProperty("exitCode"u8, out var code) ? code.GetInt32() : null, Text(current, "detailStatus") is { } detail and not ("Completed" or "Error") ? $"The container ended: {detail}." : null);
        }

        var group = Find(properties, "instanceView") is { } view ? Text(view, "state") : null;
        return group is "Failed" or "Stopped" || Text(properties, "provisioningState") == "Failed"
            ? new ContainerView(true, null, "The container did not start; its image or its sign-in failed. Look at the provider's image and credentials.")
            : new ContainerView(false, null);
    }

    static JsonElement? Find(JsonElement from, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (from.ValueKind != JsonValueKind.Object || !from.TryGetProperty(name, out from))
            {
                return null;
            }

            if (from.ValueKind == JsonValueKind.Array)
            {
                if (from.GetArrayLength() == 0)
                {
                    return null;
                }

                from = from[0];
            }
        }

        return from.ValueKind == JsonValueKind.Object ? from : null;
    }

    static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
