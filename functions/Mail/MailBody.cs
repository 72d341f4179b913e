using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Watchdesk.Hosting;
using Watchdesk.Mail.Mime;

namespace Watchdesk.Mail;

/// <summary>The body of a request as a mail: MIME or JSON, by its type, or by its looks when the type says nothing (as curl's own does).</summary>
public sealed class MailBody : IDisposable
{
    /// <summary>A larger one, or one of unknown size, waits until one of these has been read.</summary>
    const int Small = 256 * 1024;
    const int LargeAtOnce = 6;

    readonly SemaphoreSlim _large = new(LargeAtOnce);

    public void Dispose() => _large.Dispose();

    /// <exception cref="InvalidRequestException">It is neither, or over a bound.</exception>
    public async Task<MailContent> ReadAsync(HttpRequest request)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MailBounds.MessageBytes;
        }

        if (request.ContentLength <= Small)
        {
            return Parse(request, await ReadBytesAsync(request, cancellationToken));
        }

        await _large.WaitAsync(cancellationToken);
        try
        {
            return Parse(request, await ReadBytesAsync(request, cancellationToken));
        }
        finally
        {
            _large.Release();
        }
    }

    static MailContent Parse(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        var type = (request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant();
        var isJson = type is "application/json" || type.EndsWith("+json", StringComparison.Ordinal) || (!type.StartsWith("message/", StringComparison.Ordinal) && LooksLikeJson(body.Span));
        if (isJson)
        {
            return (JsonSerializer.Deserialize(body.Span, MailJson.Default.MailRequest) ?? throw new InvalidRequestException("The body is null.")).ToContent();
        }

        return LooksLikeMail(body.Span)
            ? MimeMail.Read(body)
            : throw new InvalidRequestException("The body is no mail: it must begin with header lines such as \"Subject: …\" (message/rfc822), or be a JSON object with from and subject.");
    }

    static async Task<ReadOnlyMemory<byte>> ReadBytesAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var body = new MemoryStream((int)Math.Clamp(request.ContentLength ?? 4096, 0, MailBounds.MessageBytes));
        var buffer = new byte[16 * 1024];
        for (int read; (read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (body.Length + read > MailBounds.MessageBytes)
            {
                throw new BadHttpRequestException("The mail is over 10 MiB.", StatusCodes.Status413PayloadTooLarge);
            }

            body.Write(buffer, 0, read);
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    static bool LooksLikeJson(ReadOnlySpan<byte> body) => body.TrimStart(" \t\r\n"u8) is [(byte)'{', ..];

    /// <summary>Its first line is a header, or the line that a mailbox file puts before one.</summary>
    static bool LooksLikeMail(ReadOnlySpan<byte> body)
    {
        var start = body.TrimStart("\r\n"u8);
        start = start.StartsWith("\uFEFF"u8) ? start[3..] : start;
        if (start.StartsWith("From "u8) || start.StartsWith(">From "u8))
        {
            return true;
        }

        var colon = start.IndexOf((byte)':');
        return colon is > 0 and < 80 && start[..colon].TrimEnd(" \t"u8).IndexOfAnyExceptInRange((byte)'!', (byte)'~') < 0;
    }
}
