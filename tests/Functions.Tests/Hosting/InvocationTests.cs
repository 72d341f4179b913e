using System.Text.Json;
using Watchdesk.Hosting;

namespace Watchdesk.Tests.Hosting;

public class InvocationTests
{
    [Theory]
    [InlineData("""{"x":"\"abc\""}""",              "abc")]
    [InlineData("""{"x":"abc"}""",                  "abc")]
    [InlineData("""{"x":"\"{\\\"n\\\":7}\""}""",    """{"n":7}""")]
    [InlineData("""{"x":{"n":7}}""",                """{"n":7}""")]
    [InlineData("""{"x":"\"\\\"quoted\\\"\""}""",   "\"quoted\"")]
    [InlineData("""{"x":"\"half"}""",               "\"half")]
    [InlineData("""{"x":"7"}""",                    "7")]
    [InlineData("""{"X":"abc"}""",                  "abc")]
    [InlineData("""{"x":null}""",                   null)]
    [InlineData("""{"y":1}""",                      null)]
    public void Text_is_unwrapped_once(string data, string? expected) => Of(data).ReadText("x").ShouldBe(expected);

    [Theory]
    [InlineData("""{"x":{"n":7}}""",               """{"n":7}""")]
    [InlineData("""{"x":"{\"n\":7}"}""",           """{"n":7}""")]
    [InlineData("""{"x":"\"{\\\"n\\\":7}\""}""",   """{"n":7}""")]
    [InlineData("""{"x":"[1,2]"}""",               "[1,2]")]
    [InlineData("""{"x":"\"word\""}""",            "\"word\"")]
    public void Json_is_unwrapped_at_most_twice(string data, string expected) => Of(data).ReadJson("x").GetRawText().ShouldBe(expected);

    [Fact]
    public void Json_that_is_none_is_refused_by_name() =>
        Should.Throw<InvalidRequestException>(() => Of("""{"x":"{broken"}""").ReadJson("x")).Message.ShouldContain("x");

    [Theory]
    [InlineData("""{"x":3}""",          3d)]
    [InlineData("""{"x":"3"}""",        3d)]
    [InlineData("""{"x":"\"3\""}""",    3d)]
    [InlineData("""{"x":"\"True\""}""", null)]
    [InlineData("""{"x":"NaN"}""",      null)]
    [InlineData("""{"x":{}}""",         null)]
    public void Number_is_read_native_or_from_text(string data, double? expected) => Of(data).ReadNumber("x").ShouldBe(expected);

    [Theory]
    [InlineData("""{"x":"2026-11-20T08:15:30+00:00"}""")]
    [InlineData("""{"x":"2026-11-20T08:15:30"}""")]
    [InlineData("""{"x":"\"2026-11-20T09:15:30+01:00\""}""")]
    public void Date_without_zone_is_utc(string data) => Of(data).ReadDate("x").ShouldBe(new DateTimeOffset(2026, 11, 20, 8, 15, 30, TimeSpan.Zero));

    [Theory]
    [InlineData("""{"x":["a","b"]}""")]
    [InlineData("""{"x":"[\"a\",\"b\"]"}""")]
    public void Text_array_is_read_native_or_from_text(string data) => Of(data).ReadTextArray("x").ShouldBe(["a", "b"]);

    [Fact]
    public void Binding_wins_over_metadata_of_the_same_name() =>
        new Invocation("F", "", Json("""{"x":"\"mine\""}"""), Json("""{"x":"\"forged\""}""")).ReadText("x").ShouldBe("mine");

    [Fact]
    public void Service_bus_many_as_text_gives_bodies_with_counts_and_ids()
    {
        var invocation = new Invocation("F", "", Json("""{"m":"[\"{\\\"n\\\":1}\",\"not json\"]"}"""), Json("""{"DeliveryCountArray":"[1,7]","MessageIdArray":"[\"a\",\"b\"]"}"""));
        QueueMessage.ReadAll(invocation, "m").ShouldBe([new("""{"n":1}""", 1, "a"), new("not json", 7, "b")]);
    }

    [Fact]
    public void Service_bus_many_without_data_type_gives_the_json_of_each_body()
    {
        var invocation = new Invocation("F", "", Json("""{"m":"[{\"n\":1},[2]]"}"""), Json("""{"DeliveryCountArray":"[1,2]","MessageIdArray":"[\"a\",\"b\"]"}"""));
        QueueMessage.ReadAll(invocation, "m").Select(m => m.Body).ShouldBe(["""{"n":1}""", "[2]"]);
    }

    [Fact]
    public void One_message_whose_body_is_an_array_stays_one()
    {
        var invocation = new Invocation("F", "", Json("""{"m":"\"[1,2]\""}"""), Json("""{"DequeueCount":"3","Id":"\"q1\""}"""));
        QueueMessage.ReadAll(invocation, "m").ShouldBe([new("[1,2]", 3, "q1")]);
    }

    [Fact]
    public void Body_that_overwrote_the_metadata_is_still_read()
    {
        var invocation = new Invocation("F", "", Json("""{"m":"\"{}\""}"""), Json("""{"DeliveryCount":"\"many\"","MessageIdArray":"\"x\"","MessageId":{"a":1}}"""));
        QueueMessage.ReadAll(invocation, "m").ShouldBe([new("{}", 1, """{"a":1}""")]);
    }

    [Fact]
    public void Missing_binding_is_refused_by_name() =>
        Should.Throw<InvalidRequestException>(() => QueueMessage.ReadAll(Of("{}"), "msgs")).Message.ShouldContain("msgs");

    static Invocation Of(string data) => new("F", "", Json(data), default);

    static JsonElement Json(string text) => JsonElement.Parse(text);
}
