using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Watchdesk.Operations;

/// <summary>JSON of what is stored and of what orchestrators and activities hand on.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Operation))]
[JsonSerializable(typeof(OperationInput))]
[JsonSerializable(typeof(OperationPlan))]
[JsonSerializable(typeof(GateInput))]
[JsonSerializable(typeof(GateAnswer))]
[JsonSerializable(typeof(NoteInput))]
[JsonSerializable(typeof(NoteAnswer))]
[JsonSerializable(typeof(EndInput))]
[JsonSerializable(typeof(OperationStatus))]
[JsonSerializable(typeof(BeatInput))]
[JsonSerializable(typeof(string))]
sealed partial class OperationsData : JsonSerializerContext
{
    /// <summary>For what is stored: people's languages as they are, half the size.</summary>
    public static readonly OperationsData Compact = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
