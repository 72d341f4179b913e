using System.Globalization;
using System.Text;
using System.Text.Json;
using Azure;

namespace Watchdesk.Clients;

/// <summary>Reads error answers: the header x-ms-error-code, a JSON body, an XML body, or only a status.</summary>
static class RemoteErrors
{
    const int MaxCode = 100;

    public static RemoteCallException From(string service, string call, Response response)
    {
        var code = Code(response);
        return new RemoteCallException(service, call, response.Status, code, IsTransient(response.Status, code), RetryAfter(response));
    }

    /// <summary>408, 429 and 5xx may pass, and so does the wait after something of the same name was deleted.</summary>
    public static bool IsTransient(int status, string? code) => status is 408 or 429 or >= 500
        || (status == 409 && code is "TableBeingDeleted" or "QueueBeingDeleted" or "ContainerBeingDeleted");

    public static string? Code(Response response)
    {
        if (response.Headers.TryGetValue("x-ms-error-code", out var header))
        {
            return Plain(header);
        }

        return response.ContentStream is null ? null : Code(response.Content.ToMemory().Span);
    }

    public static string? Code(ReadOnlySpan<byte> body)
    {
        body = body.TrimStart("\uFEFF \r\n\t"u8);
        return Plain(body.StartsWith("{"u8) ? JsonCode(body) : XmlCode(body));
    }

    /// <summary>Seconds, with a fraction too, milliseconds, or a date measured against the answer's own.</summary>
    public static TimeSpan? RetryAfter(Response response)
    {
        foreach (var name in (ReadOnlySpan<string>)["retry-after-ms", "x-ms-retry-after-ms"])
        {
            if (response.Headers.TryGetValue(name, out var text) && Number(text) is { } milliseconds)
            {
                return Bounded(milliseconds / 1000);
            }
        }

        if (!response.Headers.TryGetValue("Retry-After", out var after))
        {
            return null;
        }

        return Number(after) is { } seconds ? Bounded(seconds)
            : Date(after) is { } until && response.Headers.TryGetValue("Date", out var date) && Date(date) is { } now ? Bounded((until - now).TotalSeconds)
            : null;
    }

    static TimeSpan Bounded(double seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 86_400));

    static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;

    static DateTimeOffset? Date(string? text) =>
        DateTimeOffset.TryParseExact(text, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;

    /// <summary><c>{"odata.error":{"code"}}</c> or <c>{"error":{"code"}}</c>.</summary>
    static string? JsonCode(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var json = JsonDocument.ParseValue(ref reader);
            foreach (var name in (ReadOnlySpan<string>)["odata.error", "error"])
            {
                if (json.RootElement.TryGetProperty(name, out var error) && error.ValueKind == JsonValueKind.Object
                    && error.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.String)
                {
                    return code.GetString();
                }
            }
        }
        catch (JsonException)
        {
            // No code then: the status speaks.
        }

        return null;
    }

    static string? XmlCode(ReadOnlySpan<byte> body)
    {
        var start = body.IndexOf("<Code>"u8);
        var rest = start < 0 ? default : body[(start + 6)..];
        var end = rest.IndexOf("</Code>"u8);
        return end < 0 ? null : Encoding.UTF8.GetString(rest[..end]);
    }

    /// <summary>A code is one word; anything else could carry what must not be in a log.</summary>
    static string? Plain(string? code) =>
        code is { Length: > 0 and <= MaxCode } && code.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-') ? code : null;
}
