using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Hosting;

namespace Watchdesk.Notices;

/// <summary>Queue <c>notices</c>: sends the notices that a message names.</summary>
static partial class SendNotices
{
    public static void Map(WebApplication app)
    {
        var sender = app.Services.GetRequiredService<NoticeSender>();
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Watchdesk.Notices");
        app.MapTrigger(nameof(SendNotices), (invocation, cancellationToken) => HandleAsync(invocation, sender, log, cancellationToken));
    }

    static async Task HandleAsync(Invocation invocation, NoticeSender sender, ILogger log, CancellationToken cancellationToken)
    {
        var wanted = QueueMessage.ReadAll(invocation, "messages").SelectMany(message => Read(message, log)).Distinct().ToLookup(item => item.Tenant, item => item.Key);
        foreach (var tenant in wanted)
        {
            await sender.SendAsync(tenant.Key, [.. tenant], cancellationToken);
        }
    }

    /// <summary>A message that cannot be read is dropped: it is only a call, the due rows hold what is owed.</summary>
    static List<(string Tenant, NoticeKey Key)> Read(QueueMessage message, ILogger log)
    {
        var found = new List<(string, NoticeKey)>();
        try
        {
            using var document = JsonDocument.Parse(message.Body);
            var envelope = Envelope.Read(document.RootElement);
            Traces.Link(envelope.Traceparent);
            foreach (var item in envelope.Items.ValueKind == JsonValueKind.Array ? envelope.Items.EnumerateArray() : [])
            {
                if (item.ValueKind == JsonValueKind.String && NoticeKey.Read(item.GetString()!) is { } key)
                {
                    found.Add((envelope.Tenant, key));
                }
            }
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            Log.Unreadable(log, message.MessageId, e.Message);
        }

        return found;
    }

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A message in notices ({Id}) cannot be read and is dropped: {Reason}")]
        public static partial void Unreadable(ILogger log, string id, string reason);
    }
}
