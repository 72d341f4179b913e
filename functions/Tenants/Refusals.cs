using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.Net.Http.Headers;

namespace Watchdesk.Tenants;

/// <summary>Answers to those who may not: problem details for programs, the sign-in page for people.</summary>
static class Refusals
{
    public static Task ChallengeAsync(HttpContext context)
    {
        if (context.Features.Get<MustWait>() is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.Wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return ProblemAsync(context, StatusCodes.Status429TooManyRequests, "Too many wrong passwords", "Wait before the next try; Retry-After says how long, in seconds.");
        }

        if (IsPage(context.Request))
        {
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Redirect("/sign-in" + (To(context.Request) is { } to ? "?to=" + Uri.EscapeDataString(to) : ""));
            return Task.CompletedTask;
        }

        if (context.Request.Path.StartsWithSegments("/api/v1.0", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"Watchdesk\", charset=\"UTF-8\"";
        }

        return ProblemAsync(context, StatusCodes.Status401Unauthorized, "Sign in", "Send a key as Authorization: Bearer wd_…, a local account as Basic, or sign in at /sign-in.");
    }

    public static Task ForbidAsync(HttpContext context) =>
        ProblemAsync(context, StatusCodes.Status403Forbidden, "Not allowed", context.Features.Get<Refused>()?.Reason ?? "This is not allowed.");

    public static async Task ProblemAsync(HttpContext context, int status, string title, string detail)
    {
        var body = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("title"u8, title);
            json.WriteNumber("status"u8, status);
            json.WriteString("detail"u8, detail);
            json.WriteString("requestId"u8, context.TraceIdentifier);
            json.WriteEndObject();
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "application/problem+json";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }

    /// <summary>A browser that wants to see something, not a program.</summary>
    public static bool IsPage(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && !request.Headers.ContainsKey(HeaderNames.Authorization)
        && !request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        && !request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase)
        && !request.Path.StartsWithSegments("/mcp", StringComparison.OrdinalIgnoreCase)
        && !request.Path.StartsWithSegments("/openapi", StringComparison.OrdinalIgnoreCase)
        && !request.Path.StartsWithSegments("/metrics", StringComparison.OrdinalIgnoreCase);

    static string? To(HttpRequest request) =>
        request.Path == "/" ? null : request.Path + request.QueryString;
}
