using System.Text.Json;
using System.Text.Json.Serialization;
using Watchdesk.Hosting;

namespace Watchdesk.Metrics;

/// <summary>JSON of this room, compiled ahead.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MetricAnswer))]
[JsonSerializable(typeof(MetricList))]
[JsonSerializable(typeof(OtlpAnswer))]
[JsonSerializable(typeof(Rule))]
[JsonSerializable(typeof(RuleState))]
[JsonSerializable(typeof(RuleRequest))]
[JsonSerializable(typeof(RuleView))]
[JsonSerializable(typeof(RuleList))]
[JsonSerializable(typeof(TrialAnswer))]
[JsonSerializable(typeof(ActionSettings))]
public sealed partial class MetricsJson : JsonSerializerContext
{
    /// <summary>For answers, see <see cref="AnswerJson"/>.</summary>
    public static MetricsJson Plain => field ??= new(AnswerJson.Of(Default));
}
