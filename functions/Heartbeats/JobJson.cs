using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Watchdesk.Hosting;

namespace Watchdesk.Heartbeats;

/// <summary>JSON of this room, compiled ahead.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(Job))]
[JsonSerializable(typeof(JobRequest))]
[JsonSerializable(typeof(JobView))]
[JsonSerializable(typeof(JobList))]
[JsonSerializable(typeof(RunList))]
[JsonSerializable(typeof(JobOutput))]
[JsonSerializable(typeof(SnoozeRequest))]
[JsonSerializable(typeof(ScheduleTestRequest))]
[JsonSerializable(typeof(ScheduleTestAnswer))]
[JsonSerializable(typeof(Accepted))]
[JsonSerializable(typeof(ImportResult))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
public sealed partial class JobJson : JsonSerializerContext
{
    /// <summary>For answers, see <see cref="AnswerJson"/>.</summary>
    public static JobJson Plain => field ??= new(AnswerJson.Of(Default));
}
