using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;

namespace Watchdesk.Hosting;

/// <summary>What every address of the JSON API reads in the same way.</summary>
public static class ApiRequest
{
    public const int MaxLimit = 200;
    const int DefaultLimit = 50;
    const int MaxNext = 4096;

    /// <summary>The body; an unknown member is refused when the type's context says so.</summary>
    /// <exception cref="JsonException">The body is not such a value; becomes a 400 problem.</exception>
    public static async ValueTask<T> ReadAsync<T>(this HttpRequest request, JsonTypeInfo<T> type)
    {
        ArgumentNullException.ThrowIfNull(request);
        return await JsonSerializer.DeserializeAsync(request.Body, type, request.HttpContext.RequestAborted)
            ?? throw new InvalidRequestException("The body is null.");
    }

    /// <summary>The same of a caller whom nobody knows yet.</summary>
    /// <exception cref="BadHttpRequestException">It is longer; becomes a 413 problem.</exception>
    public static async Task<T> ReadAsync<T>(this HttpRequest request, JsonTypeInfo<T> type, int most) =>
        JsonSerializer.Deserialize((await request.ReadBytesAsync(most)).Span, type) ?? throw new InvalidRequestException("The body is null.");

    /// <summary>The body as it came, bounded.</summary>
    /// <exception cref="BadHttpRequestException">It is longer; becomes a 413 problem.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadBytesAsync(this HttpRequest request, int most)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = most;
        }

        var body = new MemoryStream((int)Math.Clamp(request.ContentLength ?? 4096, 0, most));
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    /// <summary><c>?limit</c>, 1 to 200, 50 when absent, and <c>?next</c> as the page before gave it.</summary>
    /// <exception cref="InvalidRequestException">One of them is out of bounds.</exception>
    public static (int Limit, string? Next) Paging(this HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var limit = DefaultLimit;
        if (request.Query["limit"].ToString() is { Length: > 0 } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit))
        {
            throw new InvalidRequestException($"limit must be 1 to {MaxLimit}.");
        }

        var next = request.Query["next"].ToString();
        return next.Length <= MaxNext ? (limit, next.Length == 0 ? null : next) : throw new InvalidRequestException("next must be as the page before gave it.");
    }
}
