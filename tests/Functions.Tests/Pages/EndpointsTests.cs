using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Pages;

/// <summary>Who may use which address, over everything that is mapped.</summary>
public sealed partial class EndpointsTests
{
    /// <summary>Design section 13, Auth, and what the user service of version 1.0 leaves open. The envelope endpoints have a guard of their own.</summary>
    static readonly string[] Anonymous =
        ["/", "/ping/", "/health", "/assets/", "/sign-in", "/sign-up", "/sign-out", "/badge/", "/status/", "/calendar/", "/api/messages", "/api/slack/", "/api/graph/", "/api/alerts/", "/runtime/webhooks/durabletask",
         "/api/v1.0/users", "/api/v1.0/signup", "/api/v1.0/login"];

    [Fact]
    public async Task Every_address_says_who_may_use_it()
    {
        await using var app = await TestApp.StartAsync();

        var silent = Routes(app).Where(route => Requirement(route) is null && !IsAnonymous(route)).Select(Name);

        silent.ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_the_addresses_of_the_design_are_open()
    {
        await using var app = await TestApp.StartAsync();
        var functions = app.Functions.Select(function => "/" + function.Name).ToHashSet(StringComparer.Ordinal);

        var open = Routes(app).Where(IsAnonymous).Select(route => "/" + route.RoutePattern.RawText!.TrimStart('/'))
            .Where(path => !functions.Contains(path) && !Anonymous.Any(known => path == known || (known.EndsWith('/') && known.Length > 1 && path.StartsWith(known, StringComparison.Ordinal))));

        open.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_write_asks_for_more_than_a_reader()
    {
        await using var app = await TestApp.StartAsync();

        var weak = Routes(app).Where(route => !IsAnonymous(route) && IsWrite(route) && route.Metadata.GetMetadata<OwnOnly>() is null && Requirement(route) is { Role: <= Role.Reader, Scope: Scopes.None or Scopes.Read }).Select(Name);

        weak.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_address_refuses_nobody_and_the_role_below()
    {
        await using var app = await TestApp.StartAsync();
        var wrong = new List<string>();
        foreach (var route in Routes(app).Where(route => Requirement(route) is not null))
        {
            var (nobody, weaker) = (await SendAsync(app.Anonymous(), route), await SendAsync(await WeakerAsync(app, Requirement(route)!), route));
            if (nobody is not (HttpStatusCode.Unauthorized or HttpStatusCode.Redirect) || weaker != HttpStatusCode.Forbidden)
            {
                wrong.Add($"{Name(route)}: nobody {nobody}, weaker {weaker}");
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task No_address_begins_with_what_the_platform_keeps()
    {
        await using var app = await TestApp.StartAsync();

        Routes(app).Select(route => "/" + route.RoutePattern.RawText!.TrimStart('/'))
            .Where(path => path.StartsWith("/admin", StringComparison.OrdinalIgnoreCase) || path.StartsWith("/.auth", StringComparison.OrdinalIgnoreCase)
                || (path.StartsWith("/runtime", StringComparison.OrdinalIgnoreCase) && !path.StartsWith("/runtime/webhooks/durabletask", StringComparison.Ordinal)))
            .ShouldBeEmpty();
    }

    /// <summary>A key that has all but what the address asks for.</summary>
    static Task<HttpClient> WeakerAsync(TestApp app, Requirement required) =>
        required.Role > Role.None ? app.SignedInAsync(required.Role - 1) : app.SignedInAsync(Role.Admin, Scopes.All & ~required.Scope);

    static async Task<HttpStatusCode> SendAsync(HttpClient client, RouteEndpoint route)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0]), "/" + Parameter().Replace(route.RoutePattern.RawText!.TrimStart('/'), "x"));
        return (await client.SendAsync(request)).StatusCode;
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();

    static IEnumerable<RouteEndpoint> Routes(TestApp app)
    {
        var routes = app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToArray();
        routes.Length.ShouldBeGreaterThan(10);
        return routes;
    }

    static Requirement? Requirement(RouteEndpoint route) => route.Metadata.GetMetadata<Requirement>();

    static bool IsAnonymous(RouteEndpoint route) => route.Metadata.GetMetadata<IAllowAnonymous>() is not null;

    static bool IsWrite(RouteEndpoint route) =>
        route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Any(method => method is not ("GET" or "HEAD" or "OPTIONS")) ?? true;

    static string Name(RouteEndpoint route) => route.DisplayName ?? route.RoutePattern.RawText ?? "?";
}
