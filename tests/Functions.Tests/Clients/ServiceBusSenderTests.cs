using System.Text;
using System.Text.Json;
using Azure.Core.Pipeline;
using Watchdesk.Clients;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Clients;

public sealed class ServiceBusSenderTests
{
    const string Url = "https://contoso.servicebus.windows.net/alerts/messages";
    const string Connection = "Endpoint=sb://contoso.servicebus.windows.net/;SharedAccessKeyName=send;SharedAccessKey=c2VjcmV0LWtleS1mb3ItdGVzdHM=";
    readonly FakeHttp http = new();
    readonly ManualClock clock = new(DateTimeOffset.FromUnixTimeSeconds(1_795_172_400));

    ServiceBusSender Sut => new(ServiceBusConnection.WithKey(Connection, clock, new HttpClientTransport(new HttpClient(http)), TimeSpan.FromTicks(1)));

    [Fact]
    public void The_signature_is_that_of_the_contract()
    {
        ServiceBusConnection.Signature("https://contoso.servicebus.windows.net/alerts", "c2VjcmV0LWtleS1mb3ItdGVzdHM=", "send", 1_795_176_000).ShouldBe(
            "SharedAccessSignature sr=https%3a%2f%2fcontoso.servicebus.windows.net%2falerts"
            + "&sig=qF9Y%2FkqSZsilY7TMUlzD1OzW6opEB00bUlyzzBLB0vc%3D&se=1795176000&skn=send");
    }

    [Fact]
    public async Task A_message_is_sent_with_its_id_and_a_signature_for_the_namespace()
    {
        http.Answer("POST", Url, 201);

        await Sut.SendAsync("alerts", "{\"a\":1}"u8.ToArray(), "m1", default);

        var sent = http.Sent.Single();
        sent.Text.ShouldBe("{\"a\":1}");
        sent.Header("Content-Type").ShouldBe("application/json");
        sent.Header("BrokerProperties").ShouldBe("{\"MessageId\":\"m1\"}");
        sent.Header("Authorization")!.ShouldStartWith("SharedAccessSignature sr=https%3a%2f%2fcontoso.servicebus.windows.net&sig=");
        sent.Header("Authorization")!.ShouldEndWith("&se=1795176000&skn=send");
    }

    [Fact]
    public async Task A_signature_is_renewed_before_it_expires()
    {
        http.Answer("POST", Url, 201).Answer("POST", Url, 201).Answer("POST", Url, 201);
        var sender = Sut;
        foreach (var minutes in new[] { 40, 10, 0 })
        {
            await sender.SendAsync("alerts", "1"u8.ToArray(), "m1", default);
            clock.Advance(TimeSpan.FromMinutes(minutes));
        }

        var signatures = http.Sent.Select(call => call.Header("Authorization")).ToList();
        signatures[1].ShouldBe(signatures[0]);
        signatures[2].ShouldNotBe(signatures[0]);
    }

    [Fact]
    public async Task A_batch_is_split_where_it_would_grow_too_large()
    {
        http.Answer("POST", Url, 201).Answer("POST", Url, 201);
        var body = Encoding.UTF8.GetBytes("{\"t\":\"" + new string('ü', 20_000) + "\"}");

        await Sut.SendAsync("alerts", [.. Enumerable.Range(0, 4).Select(i => ((ReadOnlyMemory<byte>)body, $"m{i}"))], default);

        http.Verify();
        http.Sent.ShouldAllBe(call => call.Header("Content-Type") == "application/vnd.microsoft.servicebus.json" && call.Body.Length < 256 * 1024);
        var messages = http.Sent.SelectMany(call => JsonDocument.Parse(call.Body).RootElement.EnumerateArray()).ToList();
        messages.Select(message => message.GetProperty("BrokerProperties").GetProperty("MessageId").GetString()).ShouldBe(["m0", "m1", "m2", "m3"]);
        messages.ShouldAllBe(message => message.GetProperty("Body").GetString() == Encoding.UTF8.GetString(body));
    }

    [Theory]
    [InlineData(401, false)]
    [InlineData(403, false)]
    [InlineData(410, false)]
    public async Task A_refusal_is_an_error(int status, bool isTransient)
    {
        http.Answer("POST", Url, status);
        var failed = await Should.ThrowAsync<RemoteCallException>(() => Sut.SendAsync("alerts", "1"u8.ToArray(), "m1", default));
        (failed.Status, failed.IsTransient).ShouldBe((status, isTransient));
        failed.ToString().ShouldNotContain("contoso");
    }

    [Fact]
    public async Task A_lost_answer_is_sent_again_under_the_same_id()
    {
        http.Break("POST", Url).Answer("POST", Url, 201);
        await Sut.SendAsync("alerts", "1"u8.ToArray(), "m1", default);
        http.Sent.ShouldAllBe(call => call.Header("BrokerProperties") == "{\"MessageId\":\"m1\"}");
        http.Verify();
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\"b")]
    [InlineData("é")]
    [InlineData("a\nb")]
    public async Task An_id_that_a_header_cannot_carry_is_refused(string id)
    {
        await Should.ThrowAsync<ArgumentException>(() => Sut.SendAsync("alerts", "1"u8.ToArray(), id, default));
    }
}
