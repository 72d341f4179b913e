using System.Text.Json;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Contracts;

public sealed class HostJsonTests
{
    [Fact]
    public void Host_json_says_what_the_design_says()
    {
        var expected = JsonElement.Parse("""
            {
              "version": "2.0",
              "functionTimeout": "00:10:00",
              "telemetryMode": "OpenTelemetry",
              "customHandler": { "description": { "defaultExecutablePath": "watchdesk" }, "enableProxyingHttpRequest": true, "initializationTimeout": "00:01:00" },
              "extensionBundle": { "id": "Microsoft.Azure.Functions.ExtensionBundle", "version": "[4.0.0, 5.0.0)" },
              "extensions": {
                "http": { "routePrefix": "" },
                "queues": { "batchSize": 32, "maxDequeueCount": 1000, "visibilityTimeout": "00:00:30", "messageEncoding": "base64" },
                "serviceBus": { "maxMessageBatchSize": 100 },
                "durableTask": { "hubName": "%TaskHub%", "storageProvider": { "type": "AzureStorage", "partitionCount": 4 }, "extendedSessionsEnabled": false }
              }
            }
            """);

        JsonElement.DeepEquals(JsonElement.Parse(Repository.Read("functions/host.json")), expected).ShouldBeTrue();
    }

    [Fact]
    public void Host_json_is_beside_the_program() =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "host.json")).ShouldBe(Repository.Read("functions/host.json"));
}
