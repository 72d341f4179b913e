using System.Text.Json;
using Watchdesk.Operations.Runners;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Operations.Runners;

/// <summary>A program as a container instance: made, watched, read and removed.</summary>
public sealed class ContainerProgramTests : IAsyncLifetime
{
    const string Group = "https://management.azure.com/subscriptions/s/resourceGroups/runners";
    const string Containers = $"{Group}/providers/Microsoft.ContainerInstance/containerGroups/wd-*";
    const string Secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    StepDesk desk = null!;

    public async Task InitializeAsync()
    {
        desk = await StepDesk.StartAsync(isLocal: false);
        await desk.EnterAsync("aws", new() { ["region"] = "eu-west-1", ["awsAccessKeyId"] = "AKIAIOSFODNN7EXAMPLE", ["awsSecretAccessKey"] = Secret });
    }

    public async Task DisposeAsync() => await desk.DisposeAsync();

    [Fact]
    [Trait("Demand", "S3-13")]
    public async Task An_intent_is_one_container()
    {
        PlanGroup();
        PlanContainer($"{{\"Reservations\":[], \"leaked\": \"{Secret}\"}}", running: true);

        var result = await desk.RunAsync("aws list ec2 instances");

        result.ShouldBe(new StepResult(true, 0, "aws ec2 describe-instances", "{\"Reservations\":[], \"leaked\": \"********\"}"));
        desk.Azure.Verify();
        var made = JsonDocument.Parse(desk.Azure.Sent.Single(call => call.Method == "PUT").Text).RootElement;
        made.GetProperty("location").GetString().ShouldBe("westeurope");
        var container = made.GetProperty("properties").GetProperty("containers")[0].GetProperty("properties");
        container.GetProperty("command").EnumerateArray().Select(word => word.GetString()).ShouldBe(["aws", "ec2", "describe-instances", "--no-cli-pager", "--no-cli-auto-prompt", "--color", "off"]);
        container.GetProperty("environmentVariables").EnumerateArray().Single(variable => variable.GetProperty("name").GetString() == "AWS_SECRET_ACCESS_KEY").GetProperty("secureValue").GetString().ShouldBe(Secret);
        made.GetProperty("properties").GetProperty("restartPolicy").GetString().ShouldBe("Never");
        desk.Callers.ShouldBe([null]);
    }

    [Fact]
    [Trait("Demand", "RI015")]
    public async Task A_phrase_asks_the_program_in_containers_too()
    {
        PlanGroup();
        PlanContainer("aws: error: argument command: Invalid choice, valid choices are:\n\nec2 | iam");
        PlanContainer("aws: error: argument operation: Invalid choice, valid choices are:\n\ndescribe-regions | describe-vpcs");
        PlanContainer("{\"Regions\":[]}");

        var result = await desk.RunAsync("aws list ec2 regions");

        (result.Succeeded, result.Command, result.Output).ShouldBe((true, "aws ec2 describe-regions", "{\"Regions\":[]}"));
        desk.Azure.Sent.Where(call => call.Method == "PUT").Select(call => call.Url).Distinct().Count().ShouldBe(3);
        desk.Azure.Verify();
    }

    [Fact]
    public async Task Files_and_sign_in_become_secret_volumes_and_an_init_container()
    {
        await desk.EnterAsync("az", new() { ["directory"] = Guid.Empty.ToString(), ["clientId"] = Guid.Empty.ToString(), ["subscription"] = Guid.Empty.ToString(), ["clientSecret"] = "secret-of-az" });
        PlanGroup();
        PlanContainer("[]");

        (await desk.RunAsync("az vm list")).Succeeded.ShouldBeTrue();

        var body = desk.Azure.Sent.Single(call => call.Method == "PUT").Text;
        body.ShouldNotContain("secret-of-az");
        var properties = JsonDocument.Parse(body).RootElement.GetProperty("properties");
        properties.GetProperty("volumes")[1].GetProperty("secret").GetProperty("client").GetBytesFromBase64().ShouldBe("secret-of-az"u8.ToArray());
        properties.GetProperty("initContainers")[0].GetProperty("properties").GetProperty("command").EnumerateArray().Select(word => word.GetString()).ShouldContain("@/home/watchdesk/.secret/client");
        properties.GetProperty("initContainers").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task One_that_is_cancelled_is_removed()
    {
        PlanGroup();
        desk.Azure.Answer("PUT", Containers, 201, Sample("container-running.json")).Answer("DELETE", Containers, 200);
        var id = await desk.StartStepAsync((await desk.MatchAsync("aws list ec2 instances")).ToStep("main", "k1", false));

        await desk.Engine.Client.RaiseAsync(id, RunStep.Cancel, "enough", default);
        await desk.Engine.SettleAsync();

        (await desk.ResultAsync(id))!.Error!.ShouldBe("It was cancelled: enough");
        desk.Azure.Verify();
    }

    [Fact]
    public async Task A_container_that_is_refused_says_why()
    {
        PlanGroup();
        desk.Azure.Answer("PUT", Containers, 409, """{"error":{"code":"QuotaExceeded","message":"Cores are used up."}}""");

        var result = await desk.RunAsync("aws list ec2 instances");

        result.Error!.ShouldStartWith("The container could not be made.");
        result.Output.ShouldBe("Cores are used up.");
    }

    [Fact]
    public async Task The_machine_of_the_desk_is_out_of_reach()
    {
        await desk.EnterAsync("scheduler", new() { ["unit"] = "jobs" });

        (await desk.RunAsync("restart the scheduler by command")).Error!.ShouldContain("only the embedded desk");
    }

    void PlanGroup() => desk.Azure.Answer("GET", $"{Group}?api-version=2021-04-01", 200, """{"location":"westeurope"}""");

    void PlanContainer(string output, bool running = false)
    {
        desk.Azure.Answer("PUT", Containers, 201, Sample("container-running.json"));
        if (running)
        {
            desk.Azure.Answer("GET", Containers, 200, Sample("container-running.json"));
        }

        desk.Azure
            .Answer("GET", Containers, 200, Sample("container-ended.json"))
            .Answer("GET", Containers, 200, JsonSerializer.Serialize(new Dictionary<string, string> { ["content"] = output }))
            .Answer("DELETE", Containers, 200);
    }

    static string Sample(string name) => Repository.Read($"tests/Functions.Tests/Samples/ResourceManager/{name}");
}
