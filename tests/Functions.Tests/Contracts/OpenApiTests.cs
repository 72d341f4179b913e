using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Hosting;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Contracts;

public sealed partial class OpenApiTests : IAsyncLifetime
{
    TestApp desk = null!;
    JsonElement document;

    public async Task InitializeAsync()
    {
        desk = await TestApp.StartAsync();
        using var client = await desk.SignedInAsync();
        using var answer = await client.GetAsync("/openapi/v1.json");
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        document = JsonElement.Parse(text);
    }

    public async Task DisposeAsync() => await desk.DisposeAsync();

    [Fact]
    public void Every_api_route_is_described_and_nothing_else()
    {
        var described = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(method => $"{method.Name.ToUpperInvariant()} {path.Name}"));

        described.Where(IsApi).Order(StringComparer.Ordinal).ShouldBe(Mapped().Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_operation_says_in_a_line_what_it_does()
    {
        var silent =
            from path in document.GetProperty("paths").EnumerateObject()
            from method in path.Value.EnumerateObject()
            where !method.Value.TryGetProperty("summary", out var summary) || string.IsNullOrWhiteSpace(summary.GetString())
            select $"{method.Name.ToUpperInvariant()} {path.Name}";

        silent.ShouldBeEmpty();
    }

    [Fact]
    public void No_function_of_the_host_is_described()
    {
        var paths = document.GetProperty("paths").EnumerateObject().Select(path => path.Name.Trim('/')).ToList();

        paths.Intersect(desk.Functions.Select(function => function.Name), StringComparer.OrdinalIgnoreCase).ShouldBeEmpty();
    }

    [Fact]
    public void It_says_what_it_is_and_how_to_sign_in()
    {
        document.GetProperty("info").GetProperty("title").GetString().ShouldBe("Watchdesk");
        document.GetProperty("info").GetProperty("version").GetString().ShouldBe(DeskVersion.Text);
        document.GetProperty("components").GetProperty("securitySchemes").GetProperty("key").GetProperty("scheme").GetString().ShouldBe("bearer");
    }

    IEnumerable<string> Mapped() =>
        from endpoint in desk.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let path = "/" + Constraint().Replace(endpoint.RoutePattern.RawText!.Trim('/'), "{${name}}")
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []
        let route = $"{method} {path}"
        where IsApi(route)
        select route;

    static bool IsApi(string route) => route.Contains(" /api/v1/", StringComparison.Ordinal);

    /// <summary>A parameter's constraint or default is no part of its name.</summary>
    [GeneratedRegex(@"\{\**(?<name>\w+)[^}]*\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Constraint();
}
