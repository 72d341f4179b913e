using System.Net;
using Microsoft.AspNetCore.WebUtilities;

namespace Watchdesk.Hosting;

/// <summary>An error for somebody who looks at it in a browser. It needs nothing that could be what is broken.</summary>
static class ProblemPage
{
    public static bool IsWanted(HttpRequest request) =>
        !request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    public static string Of(Problem problem, string requestId)
    {
        var title = WebUtility.HtmlEncode(ReasonPhrases.GetReasonPhrase(problem.Status));
        var details = string.Concat(problem.Errors.Select(error => $"<p>{WebUtility.HtmlEncode($"{error.Path}: {error.Reason}")}</p>"));
        return $"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{title} - Watchdesk</title><link rel="stylesheet" href="/assets/desk.css"></head>
            <body><main><section class="narrow card"><h1>{title}</h1>
            <p>{WebUtility.HtmlEncode(problem.Detail ?? "Something went wrong here. The log has the reason, under the number below.")}</p>{details}
            <p>{(problem.Status == StatusCodes.Status400BadRequest ? "Go back to correct what you entered. " : "")}<a class="button" href="/">To the desk</a></p>
            <p class="quiet">Request {WebUtility.HtmlEncode(requestId)}</p></section></main></body>
            </html>
            """;
    }
}
