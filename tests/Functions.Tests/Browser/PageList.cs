using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Browser;

/// <summary>One address for every page that is mapped, found by following the links of the desk: a new page is in it by itself.</summary>
sealed partial class PageList(HttpClient desk, IReadOnlyList<string> patterns)
{
    const int MostVisits = 300;

    readonly Dictionary<string, string> _found = new(StringComparer.Ordinal);

    /// <summary>Patterns of pages that no link leads to.</summary>
    public IEnumerable<string> Unreached => patterns.Where(pattern => !_found.ContainsKey(pattern));

    public static async Task<PageList> OfAsync(HttpClient desk)
    {
        await using var app = await TestApp.StartAsync();
        var patterns = app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<Requirement>() is not null && route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") == true)
            .Select(route => "/" + route.RoutePattern.RawText!.Trim('/'))
            .Where(path => !NoPage().IsMatch(path)).Distinct().OrderBy(path => path.Contains('{', StringComparison.Ordinal)).ToList();
        return new PageList(desk, patterns);
    }

    /// <summary>Patterns with an address each.</summary>
    public async Task<IReadOnlyDictionary<string, string>> FindAsync()
    {
        var (seen, next) = (new HashSet<string>(StringComparer.Ordinal), new Queue<string>(patterns.Where(pattern => !pattern.Contains('{', StringComparison.Ordinal))));
        while (next.TryDequeue(out var path))
        {
            if (PatternOf(path) is not { } pattern || _found.ContainsKey(pattern) || !seen.Add(path) || seen.Count > MostVisits)
            {
                continue;
            }

            using var answer = await desk.GetAsync(path);
            if (answer.StatusCode != HttpStatusCode.OK || answer.Content.Headers.ContentType?.MediaType != "text/html")
            {
                continue;
            }

            _found[pattern] = path;
            foreach (Match link in Link().Matches(await answer.Content.ReadAsStringAsync()))
            {
                next.Enqueue(WebUtility.HtmlDecode(link.Groups["path"].Value).Split('#')[0]);
            }
        }

        return _found;
    }

    string? PatternOf(string path) => patterns.FirstOrDefault(pattern => Regex.IsMatch(path.Split('?')[0], "^" + Parameter().Replace(pattern, "[^/]+") + "$"));

    [GeneratedRegex("^/(api|v1|ping|assets|badge|metrics|openapi|health|mcp|runtime)(/|$)")]
    private static partial Regex NoPage();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"href=""(?<path>/[^""]*)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();
}
