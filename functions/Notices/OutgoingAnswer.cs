namespace Watchdesk.Notices;

/// <param name="Status">Null when no answer came; then <paramref name="Error"/> says why.</param>
/// <param name="Body">The first characters of a refusal: hostile, so only what is recognised may be shown.</param>
public sealed record OutgoingAnswer(int? Status, string Error, TimeSpan? RetryDelta, DateTimeOffset? RetryDate, string Body = "")
{
    /// <summary>What an HTTP status means for a notice: try again, give this one up, or the channel is broken.</summary>
    public SendResult ToResult(DateTimeOffset now) => Status switch
    {
        null when Error == OutgoingAddress.Refusal => SendResult.Never(Error + ".", isChannelBroken: true),
        null => SendResult.Later(Error + "."),
        >= 200 and < 300 => SendResult.Sent($"Answered {Status}."),
        >= 300 and < 400 => SendResult.Never($"Answered {Status}; redirects are not followed. Enter the final address.", isChannelBroken: true),
        401 or 403 => SendResult.Never($"Answered {Status}: it does not accept us. Check the address and its secret.", isChannelBroken: true),
        404 or 410 => SendResult.Never($"Answered {Status}: this address does not exist any more. Enter a new one.", isChannelBroken: true),
        408 or 425 or 429 => SendResult.Later($"Answered {Status}.", RetryAfter(now)),
        >= 500 => SendResult.Later($"Answered {Status}.", RetryAfter(now)),
        _ => SendResult.Never($"Answered {Status}: it refused this message."),
    };

    TimeSpan? RetryAfter(DateTimeOffset now) => RetryDelta ?? (RetryDate is { } date && date > now ? date - now : null);
}
