using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Watchdesk.Hosting;
using Watchdesk.Mail.Rules;
using Watchdesk.Mail.Search;

namespace Watchdesk.Mail;

/// <summary>JSON of this room: rows, items of the queue, requests and answers.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(MonitoringMail))]
[JsonSerializable(typeof(MailContent))]
[JsonSerializable(typeof(IReadOnlyList<MailHeader>))]
[JsonSerializable(typeof(TagsOfMail))]
[JsonSerializable(typeof(MailRequest))]
[JsonSerializable(typeof(MailAccepted))]
[JsonSerializable(typeof(MailAnswer))]
[JsonSerializable(typeof(MailList))]
[JsonSerializable(typeof(SeriesAnswer))]
[JsonSerializable(typeof(SeriesList))]
[JsonSerializable(typeof(MailRule))]
[JsonSerializable(typeof(MailRuleRequest))]
[JsonSerializable(typeof(MailRuleAnswer))]
[JsonSerializable(typeof(MailRuleList))]
[JsonSerializable(typeof(MailTrialAnswer))]
[JsonSerializable(typeof(SearchAnswer))]
sealed partial class MailJson : JsonSerializerContext
{
    /// <summary>For answers, see <see cref="AnswerJson"/>.</summary>
    public static MailJson Plain => field ??= new(AnswerJson.Of(Default));

    /// <summary>For what is stored: people's languages as they are, half the size.</summary>
    public static readonly MailJson Compact = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
    });
}
