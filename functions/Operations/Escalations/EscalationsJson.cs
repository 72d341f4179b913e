using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Watchdesk.Hosting;
using Watchdesk.Incidents;

namespace Watchdesk.Operations.Escalations;

/// <summary>JSON of this part: rows, requests, answers, and what the orchestration hands on.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EscalationPolicy))]
[JsonSerializable(typeof(PolicyRequest))]
[JsonSerializable(typeof(PolicyList))]
[JsonSerializable(typeof(Rotation))]
[JsonSerializable(typeof(RotationRequest))]
[JsonSerializable(typeof(RotationAnswer))]
[JsonSerializable(typeof(OverrideRequest))]
[JsonSerializable(typeof(EscalationInput))]
[JsonSerializable(typeof(EscalationPlan))]
[JsonSerializable(typeof(EscalationTurn))]
[JsonSerializable(typeof(EscalationTold))]
[JsonSerializable(typeof(string))]
sealed partial class EscalationsJson : JsonSerializerContext
{
    /// <summary>For answers, see <see cref="AnswerJson"/>.</summary>
    public static EscalationsJson Plain => field ??= new(AnswerJson.Of(Default));

    /// <summary>For what is stored: people's languages as they are; what a later version wrote is read over.</summary>
    public static readonly EscalationsJson Compact = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull });
}
