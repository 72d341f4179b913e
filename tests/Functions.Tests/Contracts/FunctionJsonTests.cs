using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Hosting;
using Watchdesk.Hosting.Durable;
using Watchdesk.Hosting.Embedded;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Contracts;

/// <summary>Functions as declared and endpoints as mapped are the same set.</summary>
public sealed class FunctionJsonTests
{
    [Fact]
    public async Task Every_function_has_an_endpoint_and_every_endpoint_a_function()
    {
        await using var desk = await TestApp.StartAsync();
        var mapped = Mapped(desk).Select(trigger => trigger.Function);
        var declared = desk.Functions.Where(function => function.Trigger is not HttpTrigger).Select(function => function.Name);

        mapped.Order(StringComparer.Ordinal).ShouldBe(declared.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Deadline_fits_the_trigger()
    {
        await using var desk = await TestApp.StartAsync();
        foreach (var trigger in Mapped(desk))
        {
            var isQueue = desk.Functions.Single(function => function.Name == trigger.Function).Trigger is QueueTrigger;
            trigger.Deadline.ShouldBe(isQueue ? TriggerRoutes.QueueDeadline : TriggerRoutes.TimerDeadline, trigger.Function);
        }
    }

    [Fact]
    public async Task One_catch_all_takes_every_public_request()
    {
        await using var desk = await TestApp.StartAsync();

        var web = desk.Functions.Single(function => function.Trigger is HttpTrigger);

        web.Name.ShouldBe("Web");
        ((HttpTrigger)web.Trigger).Route.ShouldBe("{*path}");
        ((HttpTrigger)web.Trigger).Methods.ShouldBe(["get", "post", "put", "patch", "delete", "head", "options"], ignoreOrder: true);
    }

    [Fact]
    public async Task Queues_arrive_as_batches_of_text()
    {
        await using var desk = await TestApp.StartAsync();
        foreach (var trigger in desk.Functions.Select(function => function.Trigger).OfType<QueueTrigger>())
        {
            trigger.ShouldBe(trigger with { IsServiceBus = true, IsMany = true, AsText = true });
        }
    }

    /// <summary>A declared <c>$return</c> would change what orchestrators and activities answer; the client is for one place alone.</summary>
    [Fact]
    public async Task Orchestrations_have_their_trigger_alone_and_one_function_has_the_client()
    {
        await using var desk = await TestApp.StartAsync();

        desk.Functions.Where(function => function.ClientBinding is not null).Select(function => function.Name).ShouldBe(["StartWork"]);
        foreach (var function in desk.Functions)
        {
            (function.Trigger is OrchestrationTrigger { Binding: not DurableRoutes.OrchestratorBinding } or ActivityTrigger { Binding: not DurableRoutes.ActivityBinding }).ShouldBeFalse(function.Name);
        }
    }

    [Fact]
    public void A_trigger_lies_beside_its_function_json()
    {
        foreach (var file in Repository.Files("functions", "*.function.json").Where(file => !file.EndsWith("/Web.function.json", StringComparison.Ordinal)))
        {
            File.Exists(Repository.At(file.Replace(".function.json", ".cs", StringComparison.Ordinal))).ShouldBeTrue(file);
        }
    }

    [Fact]
    public async Task No_route_begins_like_an_address_of_the_host()
    {
        await using var desk = await TestApp.StartAsync();
        var routes = desk.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Select(endpoint => endpoint.RoutePattern.RawText!.TrimStart('/'));

        routes.Where(route => route.StartsWith("admin", StringComparison.OrdinalIgnoreCase) || route.StartsWith("runtime", StringComparison.OrdinalIgnoreCase) || route.StartsWith(".auth", StringComparison.OrdinalIgnoreCase))
            .ShouldBeEmpty();
    }

    static IEnumerable<TriggerEndpoint> Mapped(TestApp desk) =>
        desk.Services.GetRequiredService<EndpointDataSource>().Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<TriggerEndpoint>()).OfType<TriggerEndpoint>();
}
