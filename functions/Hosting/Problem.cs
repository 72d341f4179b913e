using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Watchdesk.Clients;

namespace Watchdesk.Hosting;

/// <summary>An error as RFC 9457 has it, with our request id.</summary>
/// <param name="Detail">What the caller should do; null when that is not the caller's matter.</param>
public sealed record Problem(int Status, string? Detail, TimeSpan? RetryAfter = null) : IResult
{
    /// <summary>Everything that is wrong, when it is more than one thing.</summary>
    public IReadOnlyList<ProblemPart> Errors { get; init; } = [];

    public static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(5);

    public static Problem From(Exception error) => error switch
    {
        InvalidRequestException or FormatException => new Problem(StatusCodes.Status400BadRequest, error.Message),
        JsonException json => new Problem(StatusCodes.Status400BadRequest, Explain(json)),
        BadHttpRequestException { InnerException: JsonException json } => new Problem(StatusCodes.Status400BadRequest, Explain(json)),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Of(StatusCodes.Status413PayloadTooLarge),
        BadHttpRequestException bad => new Problem(bad.StatusCode, bad.Message),
        RemoteCallException { IsTransient: true } remote => Of(StatusCodes.Status503ServiceUnavailable) with { RetryAfter = remote.RetryAfter ?? DefaultRetryAfter },
        // The framework wraps what its key ring met.
        { InnerException: { } inner } when From(inner) is { Status: StatusCodes.Status503ServiceUnavailable } away => away,
        _ => Of(StatusCodes.Status500InternalServerError),
    };

    /// <summary>What to say when nobody said more.</summary>
    public static Problem Of(int status) => new(status, status switch
    {
        StatusCodes.Status401Unauthorized => "Sign in, or send a key as Authorization: Bearer wd_….",
        StatusCodes.Status403Forbidden => "Your role or key does not allow this. Ask an admin of your tenant.",
        StatusCodes.Status404NotFound => "There is nothing at this address.",
        StatusCodes.Status405MethodNotAllowed => "This address does not take that method; see the header Allow.",
        StatusCodes.Status413PayloadTooLarge => "The request is too large. Send less at a time.",
        StatusCodes.Status415UnsupportedMediaType => "Send the body with the header Content-Type: application/json.",
        StatusCodes.Status503ServiceUnavailable => "Storage does not answer at the moment. Nothing was accepted; send the same again later.",
        _ => null,
    });

    Task IResult.ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext);

    public async Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        if (RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        var isPage = ProblemPage.IsWanted(context.Request);
        var body = isPage ? Encoding.UTF8.GetBytes(ProblemPage.Of(this, context.TraceIdentifier)) : ToJson(context.TraceIdentifier);
        response.ContentType = isPage ? "text/html; charset=utf-8" : "application/problem+json";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted);
    }

    ReadOnlyMemory<byte> ToJson(string requestId)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("type"u8, "about:blank");
        json.WriteString("title"u8, ReasonPhrases.GetReasonPhrase(Status));
        json.WriteNumber("status"u8, Status);
        if (Detail is not null)
        {
            json.WriteString("detail"u8, Detail);
        }

        json.WriteString("requestId"u8, requestId);
        WriteErrors(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    void WriteErrors(Utf8JsonWriter json)
    {
        if (Errors.Count == 0)
        {
            return;
        }

        json.WriteStartArray("errors"u8);
        foreach (var error in Errors)
        {
            json.WriteStartObject();
            json.WriteString("path"u8, error.Path);
            if (error.Line is { } line)
            {
                json.WriteNumber("line"u8, line);
            }

            json.WriteString("reason"u8, error.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The serializer's own texts name our types; the caller knows only members.</summary>
    static string Explain(JsonException error)
    {
        var message = error.InnerException?.Message ?? error.Message;
        var where = string.IsNullOrEmpty(error.Path) || error.Path == "$" ? "the body" : error.Path;
        if (message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal))
        {
            return $"The member {Quoted(message) ?? where} is not known here. Remove it or correct its name.";
        }

        if (where.EndsWith("everity", StringComparison.Ordinal))
        {
            return $"{where.TrimStart('$', '.')} is info, warning or critical.";
        }

        if (message.Contains("missing required properties", StringComparison.Ordinal))
        {
            var names = message[(message.LastIndexOf(':') + 1)..].Trim().TrimEnd('.');
            return $"Members are missing in {where}: {names}.";
        }

        return error.InnerException is not JsonException && (message.Contains("could not be converted", StringComparison.Ordinal) || error.Path is { Length: > 1 })
            ? $"The value at {where} has the wrong type or form."
            : $"The body is not valid JSON (line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}).";
    }

    static string? Quoted(string message)
    {
        var from = message.IndexOf('\'', StringComparison.Ordinal) + 1;
        var to = from > 0 ? message.IndexOf('\'', from) : -1;
        return to > from ? message[from..to] : null;
    }
}
