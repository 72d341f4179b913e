using System.Net;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using Watchdesk.Hosting.Durable;
using Watchdesk.Tests.Hosting.Durable;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Contracts;

/// <summary>The program with the sample orchestrations as a custom handler, driven over its socket as the extension drives it.</summary>
[UnsupportedOSPlatform("windows")]
[Trait("Size", "Large")]
[Trait("Demand", "S3-9")]
public sealed class DurableConformanceTests : IAsyncLifetime
{
    const string NoStorage = "AccountName=a;AccountKey=YQ==;TableEndpoint=http://127.0.0.1:9/a;QueueEndpoint=http://127.0.0.1:9/a;BlobEndpoint=http://127.0.0.1:9/a";
    const string Sys = """
        "Metadata":{"sys":{"MethodName":"X","UtcNow":"2026-11-20T08:00:01","RandGuid":"0a5e3c1e-58a5-44a4-9d1c-0e1a5ad0d4c1"}}}
        """;

    readonly string root = Directory.CreateTempSubdirectory("watchdesk-durable").FullName;
    PlayedHost host = null!;

    public async Task InitializeAsync()
    {
        SampleRoot.Write(root, "run");
        var program = Path.Combine(root, "run");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\nexec dotnet '{typeof(SampleDesk).Assembly.Location}'\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        host = await PlayedHost.StartAsync(root, ("AzureWebJobsStorage", NoStorage));
    }

    public async Task DisposeAsync()
    {
        await host.DisposeAsync();
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task A_turn_over_the_socket_asks_for_what_the_history_lacks()
    {
        var turn = Convert.ToBase64String(Sample("fan-out"));

        var (isDone, status, body) = await host.InvokeAsync("CountInOrder", $$"""{"Data":{"context":"\"{{turn}}\""},{{Sys}}""");

        (isDone, status).ShouldBe((true, 200), host.Process.Output);
        var answer = Watchdesk.Hosting.Durable.Wire.OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String(JsonElement.Parse(body).GetProperty("ReturnValue").GetString()!));
        answer.InstanceId.ShouldBe("main:1");
        answer.Actions.ShouldHaveSingleItem().CompleteOrchestration.Failure.ErrorType.ShouldBe("JsonException");
    }

    [Theory]
    [InlineData("""{"Data":{"context":"\"%%%\""},""")]
    [InlineData("""{"Data":{},""")]
    [InlineData("""{"Data":{"context":"\"/////w==\""},""")]
    [InlineData("nonsense")]
    public async Task Whatever_comes_an_orchestrator_answers_200_with_a_failure(string envelope)
    {
        var (isDone, status, body) = await host.InvokeAsync("CountInOrder", envelope + Sys);

        (isDone, status).ShouldBe((true, 200), host.Process.Output);
        var answer = Watchdesk.Hosting.Durable.Wire.OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String(JsonElement.Parse(body).GetProperty("ReturnValue").GetString()!));
        answer.Actions.ShouldHaveSingleItem().CompleteOrchestration.Failure.ErrorMessage.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(1, 1, """{"ok":true,"value":{"item":1,""")]
    [InlineData(3, 1, """{"ok":false,"error":{"type":"OutOfPaper","message":"There is no paper.","retriable":true}}""")]
    [InlineData(3, 2, """{"ok":true,"value":{"item":3,""")]
    public async Task An_activity_answers_200_and_its_outcome_as_text(int item, int attempt, string outcome)
    {
        var input = DurableJson.Call($"{item}", new ActivityContext("main:1", "e1", 7, attempt, "k"));
        var wire = JsonSerializer.Serialize(JsonSerializer.Serialize(input, SampleJson.Default.String), SampleJson.Default.String);

        var (isDone, _, body) = await host.InvokeAsync("PackItem", "{\"Data\":{\"input\":" + wire + "}," + Sys);

        isDone.ShouldBeTrue(host.Process.Output);
        JsonElement.Parse(body).GetProperty("ReturnValue").GetString()!.ShouldStartWith(outcome);
    }

    [Theory]
    [InlineData("""{"Data":{"input":"null"},""")]
    [InlineData("""{"Data":{"input":"\"5\""},""")]
    [InlineData("nonsense")]
    public async Task An_activity_that_was_not_called_by_us_answers_200_with_a_failure(string envelope) =>
        JsonElement.Parse((await host.InvokeAsync("PackItem", envelope + Sys)).Body).GetProperty("ReturnValue").GetString()!.ShouldContain("\"retriable\":false");

    [Theory]
    [InlineData("CountInOrder")]
    [InlineData("PackItem")]
    [InlineData("StartWork")]
    public async Task Public_post_to_a_function_is_404(string function)
    {
        using var answer = await host.ProxyAsync(HttpMethod.Post, "/" + function, new StringContent("{}", Encoding.UTF8, "application/json"));

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    static byte[] Sample(string name) => Convert.FromHexString(Repository.Read($"tests/Functions.Tests/Samples/durable/{name}.turn.hex").Replace("\n", "", StringComparison.Ordinal));
}
