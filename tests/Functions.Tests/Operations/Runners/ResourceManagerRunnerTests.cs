using Watchdesk.Operations.Runners;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Operations.Runners;

/// <summary>Answers as Resource Manager gives them, recorded in Samples/ResourceManager.</summary>
[Trait("Demand", "S3-4")]
public sealed class ResourceManagerRunnerTests : IAsyncLifetime
{
    const string Subscription = "11111111-2222-3333-4444-555555555555";
    const string Group = $"https://management.azure.com/subscriptions/{Subscription}/resourceGroups/shop";
    const string Vm = $"{Group}/providers/Microsoft.Compute/virtualMachines/web-1";
    const string Operation = $"https://management.azure.com/subscriptions/{Subscription}/providers/Microsoft.Compute/locations/westeurope/operations/op-1?api-version=2024-07-01";

    StepDesk desk = null!;

    public async Task InitializeAsync()
    {
        desk = await StepDesk.StartAsync();
        await desk.EnterAsync("azure", new() { ["subscription"] = Subscription });
    }

    public async Task DisposeAsync() => await desk.DisposeAsync();

    [Fact]
    public async Task A_restart_is_followed_to_its_end()
    {
        desk.Azure
            .Answer("POST", $"{Vm}/restart?api-version=2024-07-01", 202, "", "application/json", $"Azure-AsyncOperation: {Operation}", "Retry-After: 30")
            .Answer("GET", Operation, 200, Sample("operation-in-progress.json"), "application/json", "Retry-After: 15")
            .Answer("GET", Operation, 200, Sample("operation-succeeded.json"));
        var match = await desk.MatchAsync("azure restart vm web-1 in shop");
        var began = desk.Engine.App.Clock.GetUtcNow();

        var result = await desk.RunAsync(match.ToStep("main", "k1", dryRun: false));

        result.Succeeded.ShouldBeTrue(result.Error);
        result.Command.ShouldBe($"POST /subscriptions/{Subscription}/resourceGroups/shop/providers/Microsoft.Compute/virtualMachines/web-1/restart");
        (desk.Engine.App.Clock.GetUtcNow() - began).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(45));
        desk.Azure.Verify();
        desk.Azure.Sent[0].Header("Authorization").ShouldBe("Bearer token-of-azure");
        Guid.TryParse(desk.Azure.Sent[0].Header("x-ms-client-request-id"), out _).ShouldBeTrue();
        desk.Callers.ShouldBe([null]);
    }

    [Fact]
    [Trait("Demand", "S3-11")]
    public async Task A_call_that_comes_twice_has_the_same_request_id()
    {
        desk.Azure
            .Answer("POST", $"{Vm}/start?api-version=2024-07-01", 429, "", "application/json", "Retry-After: 60")
            .Answer("POST", $"{Vm}/start?api-version=2024-07-01", 200);

        (await desk.RunAsync("azure start vm web-1 in shop")).Succeeded.ShouldBeTrue();

        desk.Azure.Sent.Select(call => call.Header("x-ms-client-request-id")).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_location_is_followed_until_it_is_no_longer_202()
    {
        const string location = $"https://management.azure.com/subscriptions/{Subscription}/operationresults/abc?api-version=2024-04-01";
        desk.Azure
            .Answer("PATCH", $"{Group}/providers/Microsoft.Web/serverfarms/plan?api-version=2024-04-01", 202, "", "application/json", $"Location: {location}")
            .Answer("GET", location, 202, "", "application/json", $"Location: {location}", "Retry-After: 1")
            .Answer("GET", location, 200, """{"sku":{"capacity":3},"properties":{"provisioningState":"Succeeded"}}""");

        var result = await desk.RunAsync("azure scale plan plan in shop to 3");

        result.Succeeded.ShouldBeTrue(result.Error);
        desk.Azure.Sent[0].Text.ShouldBe("""{"sku":{"capacity":3}}""");
        result.Output.ShouldContain("\"capacity\": 3");
    }

    [Fact]
    public async Task A_resource_that_is_still_updated_is_looked_at_again()
    {
        const string plan = $"{Group}/providers/Microsoft.Web/serverfarms/plan?api-version=2024-04-01";
        desk.Azure
            .Answer("PATCH", plan, 200, """{"properties":{"provisioningState":"InProgress"}}""")
            .Answer("GET", plan, 200, """{"sku":{"capacity":2},"properties":{"provisioningState":"Succeeded"}}""");

        (await desk.RunAsync("azure scale plan plan in shop to 2")).Succeeded.ShouldBeTrue();
        desk.Azure.Verify();
    }

    [Fact]
    public async Task A_list_is_a_table()
    {
        desk.Azure.Answer("GET", $"https://management.azure.com/subscriptions/{Subscription}/resources?api-version=2021-04-01&$top=200", 200, Sample("resources.json"));

        var result = await desk.RunAsync("azure list resources");

        result.Output.ReplaceLineEndings("\n").ShouldBe("name      type                               location\nweb-1     Microsoft.Compute/virtualMachines  westeurope\nshop-app  Microsoft.Web/sites                westeurope\n2 entries; there are more, ask for one resource group.");
    }

    [Theory]
    [InlineData(403, "AuthorizationFailed", "give the application (or the desk's identity) a role")]
    [InlineData(404, "ResourceGroupNotFound", "no such resource group")]
    [InlineData(404, "ResourceNotFound", "no such resource")]
    [InlineData(401, "InvalidAuthenticationToken", "check directory, clientId and clientSecret")]
    [InlineData(409, "Conflict", "Something else is being done")]
    [InlineData(409, "ScopeLocked", "remove the lock")]
    [InlineData(409, "OperationNotAllowed", "quota")]
    [InlineData(400, "InvalidParameter", "Azure refused it (InvalidParameter)")]
    public async Task A_refusal_says_what_to_do(int status, string code, string advice)
    {
        desk.Azure.Answer("POST", $"{Vm}/start?api-version=2024-07-01", status, $$$"""{"error":{"code":"{{{code}}}","message":"The long story."}}""");

        var result = await desk.RunAsync("azure start vm web-1 in shop");

        result.Succeeded.ShouldBeFalse();
        result.Error!.ShouldContain(advice);
        (result.Output, result.ExitStatus).ShouldBe(("The long story.", status));
    }

    [Fact]
    public async Task What_fails_in_Azure_fails_here_with_its_reason()
    {
        desk.Azure
            .Answer("POST", $"{Vm}/start?api-version=2024-07-01", 202, "", "application/json", $"Azure-AsyncOperation: {Operation}")
            .Answer("GET", Operation, 200, Sample("operation-failed.json"));

        var result = await desk.RunAsync("azure start vm web-1 in shop");

        result.Succeeded.ShouldBeFalse();
        result.Error!.ShouldContain("no room");
        result.Output.ShouldContain("sufficient capacity");
    }

    [Fact]
    public async Task A_token_goes_to_nobody_that_an_answer_names()
    {
        desk.Azure.Answer("POST", $"{Vm}/start?api-version=2024-07-01", 202, "", "application/json", "Location: https://management.azure.com.evil.example/x");

        (await desk.RunAsync("azure start vm web-1 in shop")).Succeeded.ShouldBeFalse();

        desk.Azure.Sent.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Its_time_ends_and_it_can_be_cancelled()
    {
        desk.Azure.Answer("POST", $"{Vm}/start?api-version=2024-07-01", 202, "", "application/json", $"Azure-AsyncOperation: {Operation}", "Retry-After: 60");
        for (var n = 0; n < 30; n++)
        {
            desk.Azure.Answer("GET", Operation, 200, Sample("operation-in-progress.json"), "application/json", "Retry-After: 60");
        }

        var late = await desk.RunAsync((await desk.MatchAsync("azure start vm web-1 in shop")).ToStep("main", "k1", false), rounds: 200);
        desk.Azure.Answer("POST", $"{Vm}/start?api-version=2024-07-01", 202, "", "application/json", $"Azure-AsyncOperation: {Operation}", "Retry-After: 60");
        var id = await desk.StartStepAsync((await desk.MatchAsync("azure start vm web-1 in shop")).ToStep("main", "k2", false));
        await desk.Engine.Client.RaiseAsync(id, RunStep.Cancel, "Ada has changed her mind", default);
        await desk.Engine.SettleAsync();

        late.Error!.ShouldBe("It did not end within 00:20:00. Azure may go on with it: look at the resource.");
        (await desk.ResultAsync(id))!.Error!.ShouldContain("It was cancelled: Ada has changed her mind");
    }

    [Fact]
    public async Task A_dry_run_calls_nobody()
    {
        var result = await desk.RunAsync("azure restart vm web-1 in shop", dryRun: true);

        result.Succeeded.ShouldBeTrue();
        result.Output.ShouldContain("nothing was done");
        desk.Azure.Sent.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Demand", "S3-6")]
    public async Task Another_tenant_never_uses_the_identity_of_the_desk()
    {
        var step = (await desk.MatchAsync("azure list resources")).ToStep("other", "k1", false);
        await desk.EnterAsync("azure", new() { ["subscription"] = Subscription }, "other");

        var refused = await desk.RunAsync(step);
        await desk.EnterAsync("azure", new() { ["directory"] = Subscription, ["clientId"] = Subscription, ["clientSecret"] = "the-secret" }, "other");
        desk.Azure.Answer("GET", $"https://management.azure.com/subscriptions/{Subscription}/resources?api-version=2021-04-01&$top=200", 200, """{"value":[{"name":"the-secret"}]}""");
        var allowed = await desk.RunAsync(step);

        refused.Error!.ShouldContain("directory, clientId, clientSecret");
        allowed.Succeeded.ShouldBeTrue(allowed.Error);
        allowed.Output.ShouldContain("********");
        desk.Callers.Single()!.ClientId.ShouldBe(Subscription);
    }

    [Fact]
    public async Task What_was_not_approved_is_not_run()
    {
        var step = (await desk.MatchAsync("azure restart vm web-1 in shop")).ToStep("main", "k1", false) with { ChangesAnything = false };

        (await desk.RunAsync(step)).Error!.ShouldContain("was not approved");
        (await desk.RunAsync(step with { ChangesAnything = true, Arguments = new Dictionary<string, string> { ["name"] = "../x", ["group"] = "shop" } })).Error!.ShouldContain("name is not as it must be");
    }

    [Fact]
    [Trait("Demand", "S0-9")]
    public async Task A_scheduler_is_drained_and_restarted_by_webhook_or_resource_manager()
    {
        await desk.EnterAsync("scheduler", new()
        {
            ["drainUrl"] = "https://jobs.example.org/drain",
            ["restartUrl"] = "https://jobs.example.org/restart",
            ["app"] = $"/subscriptions/{Subscription}/resourceGroups/shop/providers/Microsoft.Web/sites/jobs",
        });
        desk.Web.Answer("POST", "https://jobs.example.org/drain", 202).Answer("POST", "https://jobs.example.org/restart", 503).Answer("POST", "https://jobs.example.org/restart", 200);
        desk.Azure.Answer("POST", $"{Group}/providers/Microsoft.Web/sites/jobs/restart?synchronous=true&api-version=2024-04-01", 200);

        var drained = await desk.RunAsync("drain the scheduler");
        var restarted = await desk.RunAsync("restart the scheduler by webhook");
        var byAzure = await desk.RunAsync("restart the scheduler by azure");

        new[] { drained, restarted, byAzure }.ShouldAllBe(result => result.Succeeded);
        drained.Output.ShouldBe("jobs.example.org answered 202.");
        desk.Web.Sent[1].Header("Idempotency-Key").ShouldBe(desk.Web.Sent[2].Header("Idempotency-Key"));
        desk.Web.Sent[0].Text.ShouldBe("""{"action":"drain","host":"any"}""");
        desk.Web.Verify();
        desk.Azure.Verify();
    }

    static string Sample(string name) => Repository.Read($"tests/Functions.Tests/Samples/ResourceManager/{name}");
}
