using System.Net;
using System.Net.NetworkInformation;
using System.Text;

namespace Watchdesk.Tests.Contracts;

/// <summary>The published program as a custom handler, against what the contract says the Functions host does.</summary>
[Trait("Size", "Large")]
[Collection(PublishedApp.Collection)]
public sealed class ConformanceTests(PublishedApp published) : IAsyncLifetime
{
    /// <summary>Nobody listens there.</summary>
    const string NoStorage = "AccountName=a;AccountKey=YQ==;TableEndpoint=http://127.0.0.1:9/a;QueueEndpoint=http://127.0.0.1:9/a;BlobEndpoint=http://127.0.0.1:9/a";

    const string Timer = """{"Data":{"tick":{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}},"Metadata":{"sys":{"MethodName":"Tick","UtcNow":"2026-11-20T08:00:01","RandGuid":"0a5e3c1e-58a5-44a4-9d1c-0e1a5ad0d4c1"}}}""";

    PlayedHost host = null!;

    public async Task InitializeAsync() => host = await PlayedHost.StartAsync(published.Root, ("AzureWebJobsStorage", (await published.StorageAsync()).ConnectionString));

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task Listens_on_its_port_of_the_loopback_alone_and_answers_the_probe_without_storage()
    {
        await using var alone = await PlayedHost.StartAsync(published.Root, ("AzureWebJobsStorage", NoStorage));
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });

        using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{alone.Port}/"));
        using var page = await client.GetAsync(new Uri($"http://127.0.0.1:{alone.Port}/sign-in"));

        ((int)answer.StatusCode).ShouldBeLessThan(500);
        page.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(listener => listener.Port == alone.Port).ShouldBe([new IPEndPoint(IPAddress.Loopback, alone.Port)]);
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().ShouldNotContain(listener => listener.Port >= 80 && listener.Port <= 83);
    }

    [Theory]
    [InlineData(Timer)]
    [InlineData("""{"Data":{"tick":{"Schedule":{"AdjustForDST":true},"ScheduleStatus":{"Last":"2026-11-20T08:00:00","Next":"2026-11-20T08:00:10","LastUpdated":"2026-11-20T08:00:00"},"IsPastDue":true}},"Metadata":{"sys":{}}}""")]
    [InlineData("""{"Data":{"tick":{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}},"Metadata":{"RetryContext":{"RetryCount":1,"MaxRetryCount":4,"Exception":{"Message":"x"}},"sys":{}}}""")]
    public async Task Timer_in_every_shape_is_done(string envelope) => (await host.InvokeAsync("Tick", envelope)).IsDone.ShouldBeTrue(host.Process.Output);

    [Fact]
    public async Task Same_tick_twice_and_at_the_same_time_is_done()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => host.InvokeAsync("Tick", Timer)));

        answers.ShouldAllBe(answer => answer.IsDone);
    }

    [Fact]
    public async Task Function_names_are_found_whatever_their_case() => (await host.InvokeAsync("tick", Timer)).IsDone.ShouldBeTrue();

    [Fact]
    public async Task Invocation_that_cannot_be_stored_fails_and_is_done_when_delivered_again()
    {
        await using var alone = await PlayedHost.StartAsync(published.Root, ("AzureWebJobsStorage", NoStorage));

        var away = await alone.InvokeAsync("Tick", Timer);
        var again = await host.InvokeAsync("Tick", Timer);

        away.IsDone.ShouldBeFalse();
        away.Status.ShouldBe(500);
        again.IsDone.ShouldBeTrue(host.Process.Output);
    }

    [Fact]
    public async Task Killed_handler_starts_again_and_goes_on()
    {
        (await host.InvokeAsync("Tick", Timer)).IsDone.ShouldBeTrue();
        await host.Process.KillAsync();
        await host.Process.DisposeAsync();

        await host.StartHandlerAsync();

        (await host.InvokeAsync("Tick", Timer)).IsDone.ShouldBeTrue();
    }

    [Fact]
    public async Task Handler_that_is_told_to_stop_ends_with_0_and_a_killed_one_does_not()
    {
        (await host.Process.StopAsync()).ShouldBe(0);
        await host.Process.DisposeAsync();
        await host.StartHandlerAsync();
        await host.Process.KillAsync();
        (await host.Process.ExitAsync(TimeSpan.FromSeconds(60))).ShouldNotBe(0);
    }

    [Theory]
    [InlineData("Tick")]
    [InlineData("tick")]
    [InlineData("TakeInbox")]
    [InlineData("Web")]
    public async Task Public_post_to_a_function_name_is_404(string function)
    {
        using var answer = await host.ProxyAsync(HttpMethod.Post, "/" + function, new StringContent(Timer, Encoding.UTF8, "application/json"), ("User-Agent", "Azure-Functions-Host/4.1052"));

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Proxied_request_is_served_with_its_status_headers_and_request_id()
    {
        using var health = await host.ProxyAsync(HttpMethod.Get, "/health", null, ("x-request-id", "from-the-caller"));
        using var missing = await host.ProxyAsync(HttpMethod.Get, "/api/v1/nothing?x=1");

        health.StatusCode.ShouldBe(HttpStatusCode.OK);
        health.Headers.GetValues("x-request-id").ShouldBe(["from-the-caller"]);
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        missing.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"Data\":")]
    [InlineData("\"text\"")]
    public async Task Body_that_is_no_envelope_fails_without_ending_the_process(string body)
    {
        (await host.InvokeAsync("Tick", body)).IsDone.ShouldBeFalse();
        host.Process.HasExited.ShouldBeFalse();
        (await host.InvokeAsync("Tick", Timer)).IsDone.ShouldBeTrue();
    }

    [Fact]
    public async Task Every_line_of_the_log_is_one_json_object_on_standard_output()
    {
        await host.InvokeAsync("Tick", "[]");

        foreach (var line in host.Process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            System.Text.Json.JsonElement.Parse(line).GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
        }
    }
}
