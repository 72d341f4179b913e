using System.Text.Json;
using System.Text.Json.Serialization;

namespace Watchdesk.Operations.Runners;

/// <summary>What the runners' orchestrations and activities hand on.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Step))]
[JsonSerializable(typeof(StepResult))]
sealed partial class RunnersJson : JsonSerializerContext;
