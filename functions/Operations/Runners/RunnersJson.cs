using System.Text.Json;
using System.Text.Json.Serialization;

namespace Watchdesk.Operations.Runners;

/// <summary>What the runners' orchestrations and activities hand on.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Step))]
[JsonSerializable(typeof(StepResult))]
[JsonSerializable(typeof(StepState))]
[JsonSerializable(typeof(string))]
sealed partial class RunnersJson : JsonSerializerContext;
