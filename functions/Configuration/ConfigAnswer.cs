using System.Text.Json;
using System.Text.Json.Serialization;
using Watchdesk.Hosting;

namespace Watchdesk.Configuration;

/// <summary>What a document has changed, or would change.</summary>
/// <param name="DryRun">Nothing was written.</param>
/// <param name="Changes">One for each thing that is not as the document has it.</param>
/// <param name="Diff">The same as lines for people.</param>
public sealed record ConfigAnswer(bool DryRun, int Created, int Changed, int Removed, int Unchanged, IReadOnlyList<ConfigDifference> Changes, IReadOnlyList<string> Diff);

/// <summary>JSON of this room.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ConfigAnswer))]
[JsonSerializable(typeof(JsonElement))]
sealed partial class ConfigJson : JsonSerializerContext
{
    /// <summary>For answers, see <see cref="AnswerJson"/>.</summary>
    public static ConfigJson Plain => field ??= new(AnswerJson.Of(Default));
}
