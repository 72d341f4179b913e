using System.Text.Json;
using System.Text.Json.Serialization;
using Watchdesk.Hosting;

namespace Watchdesk.Operations.Providers;

/// <summary>JSON of providers: the table, rows, requests and answers.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<Provider>))]
[JsonSerializable(typeof(ProviderAnswer))]
[JsonSerializable(typeof(ProviderList))]
[JsonSerializable(typeof(Dictionary<string, string>))]
sealed partial class ProvidersJson : JsonSerializerContext
{
    /// <summary>For answers, see <see cref="AnswerJson"/>.</summary>
    public static ProvidersJson Plain => field ??= new(AnswerJson.Of(Default));
}
