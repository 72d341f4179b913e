using System.Text;

namespace Watchdesk.Hosting.Embedded.Orchestrations;

/// <summary>Envelopes of orchestrators, activities and of who gets the client, byte for byte by the contract (3, 7 and 8.1).</summary>
public static class DurableEnvelopes
{
    /// <summary>The text is quoted once more, as every text.</summary>
    public static ReadOnlyMemory<byte> Orchestrator(FunctionDefinition function, string base64, DateTimeOffset now) =>
        Envelopes.Write(function, now, json => json.WriteString(function.Trigger.Binding, Envelopes.Quoted(base64)), _ => { });

    /// <param name="input">JSON text; null when the orchestrator gave none.</param>
    public static ReadOnlyMemory<byte> Activity(FunctionDefinition function, string? input, string instance, DateTimeOffset now)
    {
        var merged = MergedMetadata.Of(Encoding.UTF8.GetBytes(input ?? "null"));
        return Envelopes.Write(function, now, json => json.WriteString(function.Trigger.Binding, input is null ? "null" : Envelopes.Quoted(input)), json =>
        {
            if (!merged.ContainsKey("instanceId"))
            {
                json.WriteString("instanceId"u8, Envelopes.Quoted(instance));
            }

            if (!merged.ContainsKey("data") && input is not null)
            {
                json.WritePropertyName("data"u8);
                json.WriteRawValue(MergedMetadata.TryParse(Encoding.UTF8.GetBytes(input), out var root) && root.ValueKind == System.Text.Json.JsonValueKind.Object ? input : Envelopes.Quoted(input));
            }

            foreach (var (name, value) in merged)
            {
                value.Write(json, name);
            }
        });
    }

    /// <summary>What the binding <c>durableClient</c> gives.</summary>
    public static string Client(string taskHub, string address, string key) => Hosting.Durable.DurableJson.Text(json =>
    {
        json.WriteStartObject();
        json.WriteString("taskHubName"u8, taskHub);
        json.WriteString("connectionName"u8, "AzureWebJobsStorage");
        json.WriteString("rpcBaseUrl"u8, "http://localhost:4001");
        json.WriteString("requiredQueryStringParameters"u8, "code=" + Uri.EscapeDataString(key));
        json.WriteString("httpBaseUrl"u8, address + DurableManagement.Path);
        json.WriteEndObject();
    });
}
