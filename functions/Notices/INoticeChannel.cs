using System.Text.Json;

namespace Watchdesk.Notices;

/// <summary>One kind of channel. To add the next one: a folder with this, its settings and a line in <see cref="NoticesFeature"/>.</summary>
public interface INoticeChannel
{
    string Kind { get; }

    /// <summary>Checks settings as somebody entered them and returns what to store.</summary>
    /// <param name="stored">What is stored now: secrets that the request leaves out stay.</param>
    /// <exception cref="Hosting.InvalidRequestException">The text says what is wrong.</exception>
    string Accept(JsonElement settings, string? stored);

    /// <summary>The settings without their secrets.</summary>
    JsonElement Show(string settings);

    Task<SendResult> SendAsync(string settings, Message message, CancellationToken cancellationToken);
}

/// <summary>A notice ready to go.</summary>
/// <param name="Key">Stable over every try on this channel.</param>
/// <param name="Thread">Stable over every notice of an incident on this channel.</param>
/// <param name="DeskUrl">Without a trailing slash; empty when it is not configured.</param>
public sealed record Message(Notice Notice, string Key, string Thread, string DeskUrl, DateTimeOffset Now)
{
    /// <summary>Address of the page on the desk; null when the desk does not know its own address.</summary>
    public string? Link => DeskUrl.Length == 0 ? null : DeskUrl + Notice.Path;
}

/// <summary>What became of one try.</summary>
/// <param name="Reason">A sentence without secrets: what the other side said.</param>
/// <param name="IsChannelBroken">No notice can go this way until somebody changes the channel.</param>
/// <param name="IsGone">The channel is over for good and is removed.</param>
public sealed record SendResult(bool IsSent, string Reason, bool IsWorthRetrying = false, TimeSpan? RetryAfter = null, bool IsChannelBroken = false, bool IsGone = false)
{
    public static SendResult Sent(string reason) => new(true, reason);

    public static SendResult Later(string reason, TimeSpan? retryAfter = null) => new(false, reason, IsWorthRetrying: true, retryAfter);

    public static SendResult Never(string reason, bool isChannelBroken = false) => new(false, reason, IsChannelBroken: isChannelBroken);
}
