using Azure.Core;
using Watchdesk.Clients;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Clients;

/// <summary>The vectors of the storage contract, each of which a live service has accepted.</summary>
public sealed class SharedKeyTests
{
    const string Date = "Fri, 20 Nov 2026 12:00:00 GMT";
    static readonly StorageAccount Account = StorageAccount.Emulator(10002, 10001, 10000);
    readonly ManualClock clock = new(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_table_call_is_signed_with_the_light_scheme()
    {
        var http = new FakeHttp().Answer("GET", $"{FakeStorage.Tables}/Tables", 200);

        await Send(FakeStorage.Over(http, clock).Tables(), RequestMethod.Get, "/Tables", null);

        http.Sent.Single().Header("x-ms-date").ShouldBe(Date);
        http.Sent.Single().Header("Authorization").ShouldBe("SharedKeyLite devstoreaccount1:QOtB17w4EEFDOdSehHHanFx7VxVSIdZIJBrQ/EF4ewI=");
    }

    [Theory]
    [InlineData("queue", "/vec-q", "", "", "OJdFPivch/lAbM1mqXDzFH2l469jrNNRLVb+DXBcfKI=")]
    [InlineData("message", "/vec-q/messages?visibilitytimeout=0&messagettl=-1", "<QueueMessage><MessageText>aGk=</MessageText></QueueMessage>",
        "Content-Type: application/xml", "ZCympgdqBJvJ63wSmRD/gi7jYTPQSyMHRekZu4eCJvs=")]
    [InlineData("blob", "/vec/lock.json", "{}", "Content-Type: application/json|If-None-Match: *|x-ms-blob-type: BlockBlob",
        "qQOYXoDUzqYYA1p6Jl5w95atNE3BZ/fDom8P6ctdItA=")]
    [InlineData("lease", "/vec/lock.json?comp=lease", "",
        "x-ms-lease-action: acquire|x-ms-lease-duration: 15|x-ms-proposed-lease-id: 11111111-2222-3333-4444-555555555555",
        "ISEz8GgYSNvuPl/YdnwJg4kib9fg+W1Rd7B0xUsdBz8=")]
    public void Queue_and_blob_calls_are_signed_in_full(string call, string path, string body, string headers, string signature)
    {
        using var message = FakeStorage.Over(new FakeHttp()).Queues().Create(call == "message" ? RequestMethod.Post : RequestMethod.Put, path);
        message.Request.Headers.Add("x-ms-date", Date);
        message.Request.Headers.Add("x-ms-version", "2025-11-05");
        foreach (var line in headers.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(": ")))
        {
            message.Request.Headers.Add(line[0], line[1]);
        }

        message.Request.Content = body.Length > 0 ? RequestContent.Create(body) : null;

        var text = new SharedKeyPolicy(Account.Name, Account.Key!, isTable: false, clock).Text(message.Request);

        SharedKeyPolicy.Signature(Account.Key!, text).ShouldBe(signature, text);
    }

    [Fact]
    public async Task Every_try_is_dated_and_signed_anew()
    {
        var http = new FakeHttp();
        http.Answer("GET", $"{FakeStorage.Queues}/q?comp=metadata", _ =>
        {
            clock.Advance(TimeSpan.FromMinutes(10));
            return FakeHttp.Response(503);
        }).Answer("GET", $"{FakeStorage.Queues}/q?comp=metadata", 200);

        await Send(FakeStorage.Over(http, clock).Queues(), RequestMethod.Get, "/q?comp=metadata", null);

        http.Sent.Select(call => call.Header("x-ms-date")).ShouldBe([Date, "Fri, 20 Nov 2026 12:10:00 GMT"]);
        http.Sent.Select(call => call.Header("Authorization")).Distinct().Count().ShouldBe(2);
    }

    static async Task Send(RestService service, RequestMethod method, string path, RequestContent? content)
    {
        using var message = service.Create(method, path);
        message.Request.Content = content;
        await service.SendAsync(message, "test", default);
    }
}
