using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Watchdesk.Hosting;
using Watchdesk.Notices.Mail;
using Watchdesk.Notices.Push;
using Watchdesk.Notices.Slack;
using Watchdesk.Notices.Teams;
using Watchdesk.Notices.Webhook;

namespace Watchdesk.Notices;

/// <summary>JSON of this room: rows, messages, settings and answers.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Notice))]
[JsonSerializable(typeof(IReadOnlyList<HistoryEntry>))]
[JsonSerializable(typeof(IReadOnlyList<Recipient>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(WebhookSettings))]
[JsonSerializable(typeof(WebhookBody))]
[JsonSerializable(typeof(MailSettings))]
[JsonSerializable(typeof(MailToSettings))]
[JsonSerializable(typeof(TeamsSettings))]
[JsonSerializable(typeof(SlackSettings))]
[JsonSerializable(typeof(ChannelRequest))]
[JsonSerializable(typeof(ChannelAnswer))]
[JsonSerializable(typeof(ChannelList))]
[JsonSerializable(typeof(TestAnswer))]
[JsonSerializable(typeof(NoticeList))]
[JsonSerializable(typeof(QuietHours))]
[JsonSerializable(typeof(PreferencesRequest))]
[JsonSerializable(typeof(PreferencesAnswer))]
[JsonSerializable(typeof(PushSettings))]
[JsonSerializable(typeof(PushPayload))]
[JsonSerializable(typeof(PushDevice))]
[JsonSerializable(typeof(PushDeviceRequest))]
[JsonSerializable(typeof(PushDeviceList))]
[JsonSerializable(typeof(VapidClaims))]
sealed partial class NoticesJson : JsonSerializerContext
{
    /// <summary>For answers, see <see cref="AnswerJson"/>.</summary>
    public static NoticesJson Plain => field ??= new(AnswerJson.Of(Default));

    /// <summary>For what is stored: people's languages as they are, half the size.</summary>
    public static readonly NoticesJson Compact = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    });
}
