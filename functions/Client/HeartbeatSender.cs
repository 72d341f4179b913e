using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;

namespace Watchdesk.Client;

enum SendOutcome
{
    /// <summary>Stored or finally refused: never send these again.</summary>
    Done,

    /// <summary>Send the same again later.</summary>
    Later,

    /// <summary>Nothing changes until a person repairs the address or the key: send again, seldom.</summary>
    Misconfigured,

    /// <summary>Send in smaller parts.</summary>
    TooLarge,
}

/// <param name="RetryAfter">As the answer asked for; null when it did not.</param>
/// <param name="Problem">For people; null when all went well.</param>
/// <param name="Refusals">One reason per refused event.</param>
sealed record SendResult(SendOutcome Outcome, TimeSpan? RetryAfter, string? Problem, IReadOnlyList<string> Refusals);

/// <summary>One POST of a batch, and what its answer means.</summary>
sealed class HeartbeatSender(HttpClient http, HeartbeatOptions options)
{
    const int MaxAnswer = 256 * 1024;

    static readonly TimeSpan _longestRetryAfter = TimeSpan.FromMinutes(10);
    static readonly Regex _reason = new("(?<!\\\\)\"(reason|detail)\"\\s*:\\s*\"(?<text>([^\"\\\\]|\\\\.)*)\"", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    readonly Uri _address = new(options.Url + "/api/v1/heartbeats");

    /// <param name="dropped">Events given up since the last answer, told in a header.</param>
    public async Task<SendResult> SendAsync(IReadOnlyList<byte[]> batch, long dropped, CancellationToken abort)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(abort);
        limit.CancelAfter(options.RequestTimeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = Body(batch) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Key);
            if (dropped > 0)
            {
                request.Headers.Add("Watchdesk-Dropped", dropped.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }

            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            return Read(answer, await TextAsync(answer.Content, limit.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!abort.IsCancellationRequested)
        {
            return new(SendOutcome.Later, null, $"no answer within {options.RequestTimeout.TotalSeconds:0} s", []);
        }
#pragma warning disable CA1031 // Whatever a handler throws, the batch is still ours to send.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return new(SendOutcome.Later, null, e.InnerException?.Message ?? e.Message, []);
        }
    }

    static ByteArrayContent Body(IReadOnlyList<byte[]> batch)
    {
        var body = new byte[batch.Sum(line => line.Length)];
        var offset = 0;
        foreach (var line in batch)
        {
            line.CopyTo(body, offset);
            offset += line.Length;
        }

        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        return content;
    }

    SendResult Read(HttpResponseMessage answer, string text)
    {
        var problem = $"answered {(int)answer.StatusCode}";
        return (int)answer.StatusCode switch
        {
            >= 200 and < 300 => new(SendOutcome.Done, null, null, Reasons(text)),
            400 or 422 => new(SendOutcome.Done, null, null, Reasons(text) is { Count: > 0 } reasons ? reasons : [problem]),
            413 => new(SendOutcome.TooLarge, null, problem, []),
            408 or 425 or 429 or >= 500 => new(SendOutcome.Later, RetryAfter(answer.Headers.RetryAfter), problem, []),
            401 or 403 => new(SendOutcome.Misconfigured, null, problem + ": the key is unknown, revoked or lacks the scope ping", []),
            _ => new(SendOutcome.Misconfigured, null, problem + ": is the address that of Watchdesk?", []),
        };
    }

    TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        var wait = header?.Delta ?? (header?.Date - options.Clock.Now());
        return wait is not { } value || value <= TimeSpan.Zero ? null : value < _longestRetryAfter ? value : _longestRetryAfter;
    }

    static List<string> Reasons(string text)
    {
        try
        {
            return _reason.Matches(text).Cast<Match>().Select(m => Regex.Unescape(m.Groups["text"].Value)).ToList();
        }
        catch (Exception e) when (e is RegexMatchTimeoutException or ArgumentException)
        {
            return ["(an answer that cannot be read)"];
        }
    }

    static async Task<string> TextAsync(HttpContent content, CancellationToken cancellationToken)
    {
#if NET
        using var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
#else
        using var stream = await content.ReadAsStreamAsync().ConfigureAwait(false);
#endif
        using var text = new MemoryStream();
        var buffer = new byte[8192];
        int read;
#pragma warning disable CA1835 // netstandard2.0 has only this overload.
        while (text.Length < MaxAnswer && (read = await stream.ReadAsync(buffer, 0, buffer.Length, cancellationToken).ConfigureAwait(false)) > 0)
#pragma warning restore CA1835
        {
            text.Write(buffer, 0, read);
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }
}
