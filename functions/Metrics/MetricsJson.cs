using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

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
    /// <summary>For answers: an answer is JSON and never part of a page, so that &gt; stays as it is.</summary>
    public static readonly MetricsJson Plain = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    });
}
