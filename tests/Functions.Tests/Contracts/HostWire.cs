using System.Text.Json;
using System.Text.Json.Nodes;

namespace Watchdesk.Tests.Contracts;

/// <summary>Envelopes of message triggers as the contract's encoding table (4.2) has them, written without our own host.</summary>
static class HostWire
{
    const string Sys = """
        "sys":{"MethodName":"TakeInbox","UtcNow":"2026-11-20T08:00:01","RandGuid":"0a5e3c1e-58a5-44a4-9d1c-0e1a5ad0d4c1"}
        """;

    /// <summary>Cardinality many, dataType string: a text that holds an array of texts.</summary>
    public static string ManyAsText(params string[] bodies) => Many(Text(new JsonArray([.. bodies.Select(body => JsonValue.Create(body))])), bodies.Length);

    /// <summary>Cardinality many without dataType: a text that holds an array of JSON.</summary>
    public static string ManyAsJson(params string[] bodies) => Many($"[{string.Join(',', bodies)}]", bodies.Length);

    /// <summary>One Service Bus message with dataType string.</summary>
    public static string One(string body) => Envelope(Quoted(Quoted(body)), """
        "DeliveryCount":"1","MessageId":"\"m-1\"","SequenceNumber":"7","EnqueuedTimeUtc":"2026-11-20T08:00:00","LockToken":"\"0b0e\"","ApplicationProperties":{},"MessageReceiver":{"EntityPath":"inbox"}
        """);

    /// <summary>One Service Bus message without dataType whose body is an object.</summary>
    public static string OneAsObject(string body) => Envelope(body, """
        "DeliveryCount":"1","MessageId":"\"m-1\""
        """);

    /// <summary>A Storage queue message.</summary>
    public static string Queue(string body, string dequeueCount = "\"1\"") => Envelope(Quoted(Quoted(body)), $$"""
        "DequeueCount":{{dequeueCount}},"Id":"\"7c\"","PopReceipt":"\"Ag\"","InsertionTime":"2026-11-20T08:00:00+00:00","ExpirationTime":"2026-11-27T08:00:00+00:00","NextVisibleTime":"2026-11-20T08:10:00+00:00"
        """);

    /// <summary>A message whose body's top-level properties have replaced the metadata (4.5).</summary>
    public static string Overwritten(string body) => Envelope(Quoted(Quoted(body)), """
        "DeliveryCount":"\"a lot\"","messageId":{"not":"an id"},"MessageIdArray":"\"x\"","data":"\"7\"","sequenceNumber":"\"True\""
        """);

    static string Many(string array, int count) => Envelope(Quoted(array), $$"""
        "DeliveryCountArray":"[{{string.Join(',', Enumerable.Repeat(1, count))}}]","MessageIdArray":{{Quoted(Text(new JsonArray([.. Enumerable.Range(0, count).Select(i => JsonValue.Create($"m-{i}"))])))}},"SequenceNumberArray":"[10]","ApplicationPropertiesArray":"[{}]"
        """);

    static string Envelope(string data, string metadata) =>
        "{\"Data\":{\"messages\":" + data + "},\"Metadata\":{" + metadata.Trim() + "," + Sys + "}}";

    static string Quoted(string text) => "\"" + JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping) + "\"";

    static string Text(JsonNode node) => node.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver() });
}
