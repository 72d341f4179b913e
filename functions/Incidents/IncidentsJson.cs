using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Watchdesk.Hosting;
using Watchdesk.Incidents.Reports;

namespace Watchdesk.Incidents;

/// <summary>JSON of this room: rows, requests and answers.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<HostGroup>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IncidentList))]
[JsonSerializable(typeof(IncidentAnswer))]
[JsonSerializable(typeof(AcknowledgeRequest))]
[JsonSerializable(typeof(ResolveRequest))]
[JsonSerializable(typeof(CommentRequest))]
[JsonSerializable(typeof(WhoAnswer))]
[JsonSerializable(typeof(NoticeSettings))]
[JsonSerializable(typeof(Ownership))]
[JsonSerializable(typeof(SilenceMatch))]
[JsonSerializable(typeof(SubscriptionRequest))]
[JsonSerializable(typeof(SubscriptionAnswer))]
[JsonSerializable(typeof(SubscriptionList))]
[JsonSerializable(typeof(SilenceRequest))]
[JsonSerializable(typeof(SilenceAnswer))]
[JsonSerializable(typeof(SilenceList))]
[JsonSerializable(typeof(SilencePreview))]
[JsonSerializable(typeof(AssignRequest))]
[JsonSerializable(typeof(CompleteRequest))]
[JsonSerializable(typeof(MergeRequest))]
[JsonSerializable(typeof(SplitRequest))]
[JsonSerializable(typeof(BulkRequest))]
[JsonSerializable(typeof(BulkAnswer))]
[JsonSerializable(typeof(SignalPage))]
[JsonSerializable(typeof(IncidentReport))]
sealed partial class IncidentsJson : JsonSerializerContext
{
    /// <summary>For answers, see <see cref="AnswerJson"/>.</summary>
    public static IncidentsJson Plain => field ??= new(AnswerJson.Of(Default));

    /// <summary>For what is stored: people's languages as they are, half the size.</summary>
    public static readonly IncidentsJson Compact = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
