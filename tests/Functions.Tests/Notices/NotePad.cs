using System.Collections.Concurrent;
using System.Text.Json;
using Watchdesk.Notices;

namespace Watchdesk.Tests.Notices;

/// <summary>A channel that keeps what it is given and answers what the test wants.</summary>
public sealed class NotePad : INoticeChannel
{
    public const string KindName = "note";

    readonly ConcurrentQueue<Message> messages = new();

    public string Kind => KindName;

    public IReadOnlyList<Message> Messages => [.. messages];

    /// <summary>Called before the answer; may throw.</summary>
    public Func<Message, SendResult> Answer { get; set; } = _ => SendResult.Sent("Noted.");

    public string Accept(JsonElement settings, string? stored) => settings.GetRawText();

    public JsonElement Show(string settings) => JsonDocument.Parse(settings).RootElement;

    public Task<SendResult> SendAsync(string settings, Message message, CancellationToken cancellationToken)
    {
        messages.Enqueue(message);
        return Task.FromResult(Answer(message));
    }
}
