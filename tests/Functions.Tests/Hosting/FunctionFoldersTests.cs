using Watchdesk.Hosting.Embedded;

namespace Watchdesk.Tests.Hosting;

public sealed class FunctionFoldersTests : IDisposable
{
    readonly string root = Directory.CreateTempSubdirectory("watchdesk-functions").FullName;

    [Fact]
    public void Every_kind_of_trigger_is_read()
    {
        Write("Web", """{"type":"httpTrigger","direction":"in","name":"req","route":"{*path}","methods":["get"]},{"type":"http","direction":"out","name":"res"}""");
        Write("Tick", """{"type":"timerTrigger","direction":"in","name":"tick","schedule":"%TickSchedule%"}""");
        Write("Take", """{"type":"serviceBusTrigger","direction":"in","name":"msgs","dataType":"string","cardinality":"many","queueName":"inbox","connection":"ServiceBus"}""");
        Write("Work", """{"type":"serviceBusTrigger","direction":"in","name":"messages","dataType":"string","cardinality":"many","queueName":"work","connection":"ServiceBus"},{"type":"durableClient","direction":"in","name":"client"}""");
        Write("Run", """{"type":"orchestrationTrigger","direction":"in","name":"context"}""");
        Write("Step", """{"type":"activityTrigger","direction":"in","name":"input","activity":"StepOfRun"}""");
        Directory.CreateDirectory(Path.Combine(root, "wwwroot"));

        var functions = Read();

        functions.Single(function => function.Name == "Work").ClientBinding.ShouldBe("client");
        functions.Single(function => function.Name == "Run").Trigger.ShouldBe(new OrchestrationTrigger("context", "Run"));
        functions.Single(function => function.Name == "Step").Trigger.ShouldBe(new ActivityTrigger("input", "StepOfRun"));
        functions.Where(function => function.Name is "Take" or "Tick").ShouldBe([new("Take", new QueueTrigger("msgs", "inbox", IsServiceBus: true, IsMany: true, AsText: true)), new("Tick", new TimerTrigger("tick", "*/10 * * * * *"))]);
        ((HttpTrigger)functions.Single(function => function.Name == "Web").Trigger).Methods.ShouldBe(["get"]);
    }

    [Theory]
    [InlineData("1st",   Timer,                                                                                   "name")]
    [InlineData("host",  Timer,                                                                                   "name")]
    [InlineData("a.b",   Timer,                                                                                   "name")]
    [InlineData("Twice", Timer + "," + Timer,                                                                     "one trigger")]
    [InlineData("None",  """{"type":"queue","direction":"out","name":"q"}""",                                     "one trigger")]
    [InlineData("Cron",  """{"type":"timerTrigger","direction":"in","name":"t","schedule":"*/5 * * * *"}""",      "six fields")]
    [InlineData("Unset", """{"type":"timerTrigger","direction":"in","name":"t","schedule":"%Nowhere%"}""",        "Nowhere")]
    [InlineData("Kafka", """{"type":"kafkaTrigger","direction":"in","name":"k"}""",                               "kafkaTrigger")]
    [InlineData("Out",   Timer + """,{"type":"queue","direction":"out","name":"q"}""",                            "own clients")]
    [InlineData("Page",  """{"type":"httpTrigger","direction":"in","name":"r","route":"administration"},{"type":"http","direction":"out","name":"res"}""", "belongs to the host")]
    [InlineData("Page",  """{"type":"httpTrigger","direction":"in","name":"r","route":"Runtime/x"},{"type":"http","direction":"out","name":"res"}""",      "belongs to the host")]
    [InlineData("Page",  """{"type":"httpTrigger","direction":"in","name":"r","route":"x"},{"type":"http","direction":"out","name":"res"},{"type":"durableClient","direction":"in","name":"d"}""", "not proxied")]
    [InlineData("Queue", """{"type":"queueTrigger","direction":"in","name":"q","queueName":"A_B","connection":"S"}""", "A_B")]
    [InlineData("Queue", """{"type":"queueTrigger","direction":"in","name":"q","queueName":"ab"}""",              "connection")]
    [InlineData("Run",   """{"type":"orchestrationTrigger","direction":"in","name":"c"},{"type":"durableClient","direction":"out","name":"d"}""", "own clients")]
    [InlineData("Text",  "7",                                                                                     "not one")]
    public void What_the_host_would_refuse_is_refused_by_name(string name, string bindings, string reason)
    {
        Write(name, bindings);
        var message = Should.Throw<FunctionDefinitionException>(Read).Message;
        message.ShouldContain(name);
        message.ShouldContain(reason);
    }

    [Fact]
    public void Second_file_in_the_folder_is_refused()
    {
        Write("Tick", Timer);
        File.WriteAllText(Path.Combine(root, "Tick", "run.sh"), "");
        Should.Throw<FunctionDefinitionException>(Read).Message.ShouldContain("more in its folder");
    }

    [Fact]
    public void Same_route_twice_is_refused()
    {
        const string Http = """{"type":"httpTrigger","direction":"in","name":"req","route":"x","methods":["get"]},{"type":"http","direction":"out","name":"res"}""";
        Write("A", Http);
        Write("B", Http);
        Should.Throw<FunctionDefinitionException>(Read).Message.ShouldContain("route of another");
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    const string Timer = """{"type":"timerTrigger","direction":"in","name":"t","schedule":"*/5 * * * * *"}""";

    IReadOnlyList<FunctionDefinition> Read() => FunctionFolders.Read(root, name => name == "TickSchedule" ? "*/10 * * * * *" : null);

    void Write(string name, string bindings)
    {
        Directory.CreateDirectory(Path.Combine(root, name));
        File.WriteAllText(Path.Combine(root, name, "function.json"), $$"""{"bindings":[{{bindings}}]}""");
    }
}
