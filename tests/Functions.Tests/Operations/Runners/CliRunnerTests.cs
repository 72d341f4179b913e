using Watchdesk.Operations.Providers;
using Watchdesk.Operations.Runners;

namespace Watchdesk.Tests.Operations.Runners;

/// <summary>Programs as processes of this machine, run by the orchestration.</summary>
[Trait("Size", "Large")]
public sealed class CliRunnerTests : IAsyncLifetime
{
    StepDesk desk = null!;

    public async Task InitializeAsync() => desk = await StepDesk.StartAsync();

    public async Task DisposeAsync() => await desk.DisposeAsync();

    [Fact]
    [Trait("Demand", "S3-13")]
    [Trait("Demand", "S3-21")]
    [Trait("Demand", "S3-25")]
    public async Task A_provider_and_an_intent_are_added_by_data_alone()
    {
        desk.Write("brew", "#!/bin/sh\necho \"$KITCHEN $*\"");
        var table = ProviderTable.Read("""
            [{
              "id": "kitchen", "name": "The kitchen", "runner": "cli",
              "credentials": [{ "name": "room", "variable": "KITCHEN", "isSecret": false }],
              "cli": { "program": "brew", "switches": { "--sugar": { "pattern": "[0-9]" } }, "trailing": ["--now"], "commands": ["cup"] },
              "intents": [{
                "name": "make tea", "phrases": ["make {kind} tea"], "role": "reader",
                "arguments": [{ "name": "kind", "pattern": "green|black" }, { "name": "sugar", "default": "0" }],
                "command": ["cup", "{kind}", "--sugar", "{sugar}"]
              }]
            }]
            """);
        await desk.PutAsync(table.Providers[0]);
        await desk.EnterAsync(table.Providers[0], new() { ["room"] = "3rd-floor" });

        var result = await desk.RunAsync("kitchen make green tea");

        result.ShouldBe(new StepResult(true, 0, "brew cup green --sugar 0", "3rd-floor cup green --sugar 0 --now\n"));
        (await desk.MatchAsync("kitchen make red tea")).Kind.ShouldBe(MatchKind.Incomplete);
        (await desk.RunAsync("make black kitchen tea")).Succeeded.ShouldBeTrue();
    }

    [Fact]
    [Trait("Demand", "S3-11")]
    public async Task A_command_that_changes_something_is_never_begun_twice()
    {
        desk.Write("count", "#!/bin/sh\necho run >> \"$COUNT_FILE\"\necho done");
        var file = Path.Combine(desk.Programs, "counted");
        var provider = Counter() with { Cli = new Cli("count") { Environment = new Dictionary<string, string> { ["COUNT_FILE"] = file }, Commands = ["more"] } };
        await desk.PutAsync(provider);
        var step = (await desk.MatchAsync("counter more")).ToStep("main", "k1", false);

        var first = await desk.RunAsync(step);
        var again = await desk.RunAsync(step);
        var other = await desk.RunAsync(step with { IdempotencyKey = "k2" });
        File.WriteAllText(Path.Combine(desk.Programs, "begun", Directory.GetFiles(Path.Combine(desk.Programs, "begun")).Select(Path.GetFileName).First()!), "");

        (first.Succeeded, other.Succeeded).ShouldBe((true, true));
        again.ShouldBe(first);
        File.ReadAllLines(file).Length.ShouldBe(2);
        var interrupted = new[] { await desk.RunAsync(step), await desk.RunAsync(step with { IdempotencyKey = "k2" }) };
        interrupted.Count(result => result.Error?.StartsWith("It was begun", StringComparison.Ordinal) == true).ShouldBe(1);
    }

    [Fact]
    public async Task A_dry_run_changes_nothing_and_a_failure_has_its_status()
    {
        desk.Write("count", "#!/bin/sh\necho no >&2\nexit 7");
        await desk.PutAsync(Counter());

        var dry = await desk.RunAsync("counter more", dryRun: true);
        var real = await desk.RunAsync("counter more");

        (dry.Succeeded, dry.ExitStatus).ShouldBe((true, null));
        dry.Output.ShouldContain("count more");
        (real.Succeeded, real.ExitStatus, real.Output).ShouldBe((false, 7, "no\n"));
        real.Error!.ShouldContain("status 7");
    }

    [Fact]
    [Trait("Demand", "S3-6")]
    public async Task A_command_of_a_hand_made_step_is_checked_like_any_other()
    {
        desk.Write("count", "#!/bin/sh\necho ran");
        await desk.PutAsync(Counter());
        var step = (await desk.MatchAsync("counter more")).ToStep("main", "k1", false);

        (await desk.RunAsync(step with { Words = ["more", "--evil"] })).Error!.ShouldContain("--evil");
        (await desk.RunAsync(step with { ChangesAnything = false })).Error!.ShouldContain("was not approved");
        (await desk.RunAsync(step with { Provider = "nobody" })).Error!.ShouldContain("no provider");
        (await desk.RunAsync(step with { Intent = "gone" })).Error!.ShouldContain("no intent");
    }

    [Fact]
    public async Task What_is_not_entered_is_named_with_where_to_enter_it()
    {
        var result = await desk.RunAsync("aws list ec2 instances");

        result.Error!.ShouldBe("Not entered yet: aws region, aws awsAccessKeyId, aws awsSecretAccessKey. An admin enters it with PUT /api/v1/operations/providers/aws/credentials.");
    }

    static Provider Counter() => new("counter", "Counter", RunnerKind.Cli) { Cli = new Cli("count") { Commands = ["more"] } };
}
