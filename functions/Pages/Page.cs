using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Watchdesk.Pages;

/// <summary>A component rendered as a whole page, answered with 304 when the visitor has it already.</summary>
/// <typeparam name="TComponent">Takes the frame as its parameter Frame.</typeparam>
public sealed class Page<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TComponent>(PageFrame frame, params (string Name, object? Value)[] parameters) : IResult
    where TComponent : IComponent
{
    public int Status { get; init; } = StatusCodes.Status200OK;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var html = await RenderAsync(httpContext.RequestServices);
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(html)))[..32]}\"";
        var response = httpContext.Response;
        if (html.Contains(PageFrame.TokenPlaceholder, StringComparison.Ordinal))
        {
            var tokens = httpContext.RequestServices.GetRequiredService<IAntiforgery>().GetAndStoreTokens(httpContext);
            html = html.Replace(PageFrame.TokenPlaceholder, tokens.RequestToken, StringComparison.Ordinal);
        }

        response.StatusCode = Status;
        response.Headers.CacheControl = "no-cache, private";
        response.Headers.Remove("Pragma");
        response.Headers.ETag = tag;
        if (Status == StatusCodes.Status200OK && httpContext.Request.Headers.IfNoneMatch == tag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = "text/html; charset=utf-8";
        await response.WriteAsync("<!DOCTYPE html>\n" + html, httpContext.RequestAborted);
    }

    async Task<string> RenderAsync(IServiceProvider services)
    {
        var values = parameters.Append((Name: "Frame", Value: frame)).ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal);
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        return await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(values))).ToHtmlString());
    }
}
