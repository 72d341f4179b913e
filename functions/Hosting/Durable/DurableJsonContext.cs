using System.Text.Json;
using System.Text.Json.Serialization;

namespace Watchdesk.Hosting.Durable;

/// <summary>Shapes of the durable endpoints and of <c>work</c> messages.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(WorkItem[]))]
sealed partial class DurableJsonContext : JsonSerializerContext;
