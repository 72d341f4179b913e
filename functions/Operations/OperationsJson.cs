using System.Text.Json;
using System.Text.Json.Serialization;
using Watchdesk.Hosting;

namespace Watchdesk.Operations;

/// <summary>JSON of requests and answers.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OperationRequest))]
[JsonSerializable(typeof(OperationAnswer))]
[JsonSerializable(typeof(OperationList))]
[JsonSerializable(typeof(DecisionRequest))]
[JsonSerializable(typeof(OperationSettings))]
[JsonSerializable(typeof(CommandResponse))]
sealed partial class OperationsJson : JsonSerializerContext
{
    /// <summary>For answers, see <see cref="AnswerJson"/>.</summary>
    public static OperationsJson Plain => field ??= new(AnswerJson.Of(Default));
}
