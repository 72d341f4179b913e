using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Hosting.Embedded;
using Watchdesk.Schedules;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Schedules;

/// <summary>The tick as the Functions host invokes it.</summary>
public sealed class TickFunctionTests
{
    readonly RecordingHandler _probes = new("probe");

    [Fact]
    public async Task The_timer_hands_over_what_is_due()
    {
        await using var app = await TestApp.StartAsync(builder => builder.Services.AddSingleton<IDueHandler>(_probes));
        await app.Services.GetRequiredService<DueIndex>().AddAsync([new DueItem("probe", "main", "a", app.Clock.GetUtcNow().AddMinutes(1))], app.Clock.GetUtcNow(), default);

        await app.TickAsync();
        _probes.Ids.ShouldBeEmpty();

        await app.AdvanceAsync(TimeSpan.FromMinutes(1));
        _probes.Ids.ShouldBe(["a"]);
    }

    [Fact]
    public async Task A_tick_that_could_not_read_everything_fails_its_invocation()
    {
        await using var app = await TestApp.StartAsync();
        app.Tables.BeforeRead = table => _ = table == Tables.Due ? throw new RemoteCallException("Tables", "GET", 503, null, isTransient: true) : 0;
        var tick = app.Functions.Single(function => function.Name == "Tick");

        var answer = await app.Services.GetRequiredService<InMemoryPipeline>().InvokeAsync("Tick", Envelopes.Timer(tick, isPastDue: true, status: null, app.Clock.GetUtcNow()), "test", default);

        answer.Status.ShouldBe(500);
    }
}
