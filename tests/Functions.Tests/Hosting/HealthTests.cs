using System.Net;
using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Hosting;

public sealed class HealthTests
{
    [Fact]
    public async Task Anonymous_sees_the_status_only()
    {
        await using var desk = await TestApp.StartAsync();
        using var client = desk.Anonymous();

        (await client.GetStringAsync("/health")).ShouldBe("""{"status":"ok"}""");
    }

    [Fact]
    [Trait("Demand", "S3-E10")]
    public async Task Signed_in_sees_storage_host_and_the_age_of_the_last_tick()
    {
        await using var desk = await TestApp.StartAsync();
        await TickedAsync(desk);
        desk.Clock.Advance(TimeSpan.FromSeconds(42));
        using var client = await desk.SignedInAsync();

        var health = JsonElement.Parse(await client.GetStringAsync("/health"));

        health.GetProperty("storage").GetProperty("status").GetString().ShouldBe("ok");
        health.GetProperty("host").GetProperty("freeDiskBytes").GetInt64().ShouldBeGreaterThan(0);
        health.GetProperty("app").GetProperty("lastTickAge").GetString().ShouldBe("00:00:42");
    }

    [Theory]
    [InlineData(120, HttpStatusCode.OK)]
    [InlineData(121, HttpStatusCode.ServiceUnavailable)]
    public async Task Tick_that_stays_away_is_failing(int seconds, HttpStatusCode expected)
    {
        await using var desk = await TestApp.StartAsync();
        await TickedAsync(desk);
        desk.Clock.Advance(TimeSpan.FromSeconds(seconds));
        using var client = desk.Anonymous();

        using var answer = await client.GetAsync("/health");

        answer.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task Storage_that_does_not_answer_is_failing_without_its_reason()
    {
        await using var desk = await TestApp.StartAsync();
        desk.Tables.BeforeRead = _ => throw new RemoteCallException("Tables", "GET meta", null, null, isTransient: true);
        using var client = desk.Anonymous();

        using var answer = await client.GetAsync("/health");

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("""{"status":"failing"}""");
    }

    [Fact]
    public async Task Asking_again_within_a_second_costs_no_storage_call()
    {
        await using var desk = await TestApp.StartAsync();
        using var client = desk.Anonymous();
        for (var i = 0; i < 5; i++)
        {
            await client.GetStringAsync("/health");
        }

        desk.Tables.Counts.Reads.ShouldBe(1);
    }

    static Task TickedAsync(TestApp desk) =>
        ((ITables)desk.Tables).WriteAsync(Watchdesk.Clients.Tables.Meta, TableWrite.Upsert(new TableRow("m", "due") { ["TickAt"] = desk.Clock.GetUtcNow() }), default);
}
