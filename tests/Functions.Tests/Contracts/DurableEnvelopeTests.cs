using System.Text;
using Watchdesk.Hosting.Embedded;
using Watchdesk.Hosting.Embedded.Orchestrations;

namespace Watchdesk.Tests.Contracts;

/// <summary>Envelopes and answers of orchestrators and activities, byte for byte as the durable contract has them.</summary>
public sealed class DurableEnvelopeTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 20, 8, 0, 1, TimeSpan.Zero);

    [Fact]
    public void Orchestrator_gets_base64_quoted_once_more() =>
        Text(DurableEnvelopes.Orchestrator(new FunctionDefinition("RunJob", new OrchestrationTrigger("ctx", "RunJob")), "CgRqb2Ix+/8=", Now))
            .ShouldStartWith("""{"Data":{"ctx":"\"CgRqb2Ix+/8=\""},"Metadata":{"sys":{"MethodName":"RunJob",""");

    [Theory]
    [InlineData("""{"a":1}""", """
        {"Data":{"input":"\"{\\\"a\\\":1}\""},"Metadata":{"instanceId":"\"main:1\"","data":{"a":1},"a":"\"1\"","sys":
        """)]
    [InlineData("\"Tokyo\"", """
        {"Data":{"input":"\"\\\"Tokyo\\\"\""},"Metadata":{"instanceId":"\"main:1\"","data":"\"Tokyo\"","sys":
        """)]
    [InlineData("5",    """{"Data":{"input":"\"5\""},"Metadata":{"instanceId":"\"main:1\"","data":"5","sys":""")]
    [InlineData("null", """{"Data":{"input":"\"null\""},"Metadata":{"instanceId":"\"main:1\"",""")]
    [InlineData(null,   """{"Data":{"input":"null"},"Metadata":{"instanceId":"\"main:1\"","sys":""")]
    [InlineData("""{"instanceId":"mine","data":[1]}""", """
        {"Data":{"input":"\"{\\\"instanceId\\\":\\\"mine\\\",\\\"data\\\":[1]}\""},"Metadata":{"data":{"instanceId":"mine","data":[1]},"instanceId":"\"mine\"","sys":
        """)]
    public void Activity_gets_its_input_encoded_three_times_and_spilled(string? input, string expected) =>
        Text(DurableEnvelopes.Activity(new FunctionDefinition("Step", new ActivityTrigger("input", "Step")), input, "main:1", Now)).ShouldStartWith(expected);

    [Theory]
    [InlineData("""{"ReturnValue":"CgE3"}""",     true)]
    [InlineData("""{"ReturnValue":""}""",         false)]
    [InlineData("""{"ReturnValue":null}""",       false)]
    [InlineData("{}",                             false)]
    [InlineData("""{"ReturnValue":"%%%"}""",      false)]
    [InlineData("""{"ReturnValue":"/////w=="}""", false)]
    [InlineData("""{"ReturnValue":"EgI6AA=="}""", false)]
    public void A_turn_is_judged_as_the_extension_does(string body, bool isAnswer) => (DurableFunctions.ReadTurn(body) is not null).ShouldBe(isAnswer);

    static string Text(ReadOnlyMemory<byte> envelope) => Encoding.UTF8.GetString(envelope.Span);
}
