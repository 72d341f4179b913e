using System.Text;
using System.Text.RegularExpressions;
using Watchdesk.Hosting.Embedded;

namespace Watchdesk.Tests.Contracts;

/// <summary>The embedded host's envelopes, byte for byte as the contract's section 4 has them.</summary>
public sealed partial class EnvelopeTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 20, 8, 0, 1, 234, TimeSpan.Zero);

    [Fact]
    public void Queue_message_is_double_encoded_and_its_object_is_merged_into_the_metadata() =>
        Text(Envelopes.One(Function(new QueueTrigger("job", "jobs", IsServiceBus: false, IsMany: false, AsText: true)), Message("""{"n":7}"""), Now)).ShouldBe("""
            {"Data":{"job":"\"{\\\"n\\\":7}\""},"Metadata":{"DequeueCount":"1","Id":"\"7c\"","PopReceipt":"\"Ag\"","InsertionTime":"2026-11-20T08:00:00+00:00","ExpirationTime":"2026-11-27T08:00:00+00:00","NextVisibleTime":"2026-11-20T08:10:00+00:00","n":"\"7\"","sys":{"MethodName":"RunJob","UtcNow":"2026-11-20T08:00:01","RandGuid":"…"}}}
            """);

    [Fact]
    public void Service_bus_one_as_text() =>
        Text(Envelopes.One(Function(new QueueTrigger("msg", "jobs", IsServiceBus: true, IsMany: false, AsText: true)), Message("hello"), Now)).ShouldBe("""
            {"Data":{"msg":"\"hello\""},"Metadata":{"DeliveryCount":"1","MessageId":"\"7c\"","EnqueuedTimeUtc":"2026-11-20T08:00:00+00:00","sys":{"MethodName":"RunJob","UtcNow":"2026-11-20T08:00:01","RandGuid":"…"}}}
            """);

    [Theory]
    [InlineData("""{"n":7}""", """{"n":7}""")]
    [InlineData("[1,2]", "\"[1,2]\"")]
    [InlineData("7", "\"7\"")]
    [InlineData("word", "\"\\\"word\\\"\"")]
    public void Service_bus_one_without_data_type(string body, string onTheWire) =>
        Text(Envelopes.One(Function(new QueueTrigger("msg", "jobs", IsServiceBus: true, IsMany: false, AsText: false)), Message(body), Now))
            .ShouldStartWith($$"""{"Data":{"msg":{{onTheWire}}},"Metadata":""");

    [Fact]
    public void Body_that_overwrites_the_metadata_hides_it()
    {
        var text = Text(Envelopes.One(
            Function(new QueueTrigger("msg", "jobs", IsServiceBus: true, IsMany: false, AsText: true)),
            Message("""{"messageId":"mine","deliveryCount":true,"at":"2026-11-20T08:00:00Z","data":{"a":1},"list":[1],"none":null,"myTrigger":1}"""),
            Now));
        text.ShouldContain("""
            "Metadata":{"EnqueuedTimeUtc":"2026-11-20T08:00:00+00:00","messageId":"\"mine\"","deliveryCount":"\"True\"","at":"\"11/20/2026 08:00:00\"","data":{"a":1},"sys":
            """);
    }

    [Fact]
    public void Service_bus_many_as_text_is_an_array_of_texts_in_a_text() =>
        Text(Envelopes.Many(Function(new QueueTrigger("msgs", "jobs", IsServiceBus: true, IsMany: true, AsText: true)), [Message("""{"n":7}"""), Message("word", "b", 3)], Now)).ShouldBe("""
            {"Data":{"msgs":"[\"{\\\"n\\\":7}\",\"word\"]"},"Metadata":{"DeliveryCountArray":"[1,3]","MessageIdArray":"[\"7c\",\"b\"]","EnqueuedTimeUtcArray":"[\"2026-11-20T08:00:00+00:00\",\"2026-11-20T08:00:00+00:00\"]","ApplicationPropertiesArray":"[{},{}]","sys":{"MethodName":"RunJob","UtcNow":"2026-11-20T08:00:01","RandGuid":"…"}}}
            """);

    [Fact]
    public void Service_bus_many_without_data_type_is_an_array_of_json_in_a_text() =>
        Text(Envelopes.Many(Function(new QueueTrigger("msgs", "jobs", IsServiceBus: true, IsMany: true, AsText: false)), [Message("""{"n":7}""")], Now))
            .ShouldStartWith("""{"Data":{"msgs":"[{\"n\":7}]"},""");

    [Fact]
    public void Service_bus_many_without_data_type_fails_the_batch_on_one_body_that_is_not_json() =>
        Should.Throw<System.Text.Json.JsonException>(() =>
            Envelopes.Many(Function(new QueueTrigger("msgs", "jobs", IsServiceBus: true, IsMany: true, AsText: false)), [Message("{}"), Message("word")], Now));

    [Fact]
    public void Timer_under_a_minute_has_no_status() =>
        Text(Envelopes.Timer(Function(new TimerTrigger("tick", "*/10 * * * * *")), isPastDue: false, status: null, Now)).ShouldBe("""
            {"Data":{"tick":{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}},"Metadata":{"sys":{"MethodName":"RunJob","UtcNow":"2026-11-20T08:00:01","RandGuid":"…"}}}
            """);

    [Fact]
    public void Timer_with_status_tells_last_and_next() =>
        Text(Envelopes.Timer(Function(new TimerTrigger("tick", "0 0 * * * *")), isPastDue: true, new TimerStatus(Now.AddHours(-1), Now, Now), Now)).ShouldStartWith("""
            {"Data":{"tick":{"Schedule":{"AdjustForDST":true},"ScheduleStatus":{"Last":"2026-11-20T07:00:01+00:00","Next":"2026-11-20T08:00:01+00:00","LastUpdated":"2026-11-20T08:00:01+00:00"},"IsPastDue":true}}
            """);

    [Fact]
    public void Body_that_is_not_utf8_is_delivered_with_replacements()
    {
        var message = Message("") with { Body = [0x61, 0xff, 0x62] };
        Text(Envelopes.One(Function(new QueueTrigger("msg", "jobs", IsServiceBus: true, IsMany: false, AsText: true)), message, Now)).ShouldContain("a\uFFFDb");
    }

    static FunctionDefinition Function(FunctionTrigger trigger) => new("RunJob", trigger);

    static BrokerMessage Message(string body, string id = "7c", int count = 1) =>
        new(id, Encoding.UTF8.GetBytes(body), count, Now.AddMilliseconds(-1234), Now.AddMilliseconds(-1234).AddDays(7), Now.AddMilliseconds(-1234).AddMinutes(10), "Ag");

    static string Text(ReadOnlyMemory<byte> envelope) => RandGuid().Replace(Encoding.UTF8.GetString(envelope.Span), "\"RandGuid\":\"…\"");

    [GeneratedRegex("\"RandGuid\":\"[0-9a-f-]{36}\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RandGuid();
}
