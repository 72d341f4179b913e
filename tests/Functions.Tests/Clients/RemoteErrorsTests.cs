using Watchdesk.Clients;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Clients;

public sealed class RemoteErrorsTests
{
    const string Row = FakeStorage.Tables + "/jobs(PartitionKey='secret-partition',RowKey='secret-row')";

    public static TheoryData<int> Statuses => [.. Enumerable.Range(300, 300).Where(status => status is < 304 or > 399 and < 418 or 421 or 422 or 423 or 428 or 429 or 431 or >= 500 and < 512 or 599)];

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task Every_status_says_whether_the_call_is_worth_repeating(int status)
    {
        var refused = await Fail(http => AnswerAll(http, status, """{"odata.error":{"code":"Some.Code-1","message":{"value":"secret-body"}}}"""));

        refused.Status.ShouldBe(status);
        refused.Code.ShouldBe("Some.Code-1");
        refused.IsTransient.ShouldBe(status is 408 or 429 or >= 500);
        refused.Service.ShouldBe("Tables");
        refused.Message.ShouldBe($"Tables: GET /jobs(PartitionKey,RowKey) answered {status} Some.Code-1.");
    }

    [Theory]
    [InlineData("x-ms-error-code: FromHeader", """{"odata.error":{"code":"FromBody"}}""", "FromHeader")]
    [InlineData("", """{"error":{"code":"FromBody"}}""", "FromBody")]
    [InlineData("", "\uFEFF<?xml version=\"1.0\"?><Error><Code>FromXml</Code><Message>m</Message></Error>", "FromXml")]
    [InlineData("", "", null)]
    [InlineData("", "{\"odata.error\":", null)]
    [InlineData("", "<Error><Code>two words, maybe a secret</Code></Error>", null)]
    [InlineData("", "[1]", null)]
    [InlineData("", "{\"error\":\"text\"}", null)]
    public async Task The_code_comes_from_the_header_or_any_shape_of_body(string header, string body, string? code)
    {
        var refused = await Fail(http => http.Answer("GET", Row, 400, body, headers: header.Length > 0 ? [header] : []));
        refused.Code.ShouldBe(code);
    }

    [Fact]
    public async Task No_answer_at_all_is_worth_repeating_and_was_repeated()
    {
        FakeHttp? used = null;
        var failed = await Fail(http =>
        {
            used = http;
            for (var i = 0; i < 4; i++)
            {
                http.Break("GET", Row);
            }
        });

        failed.Status.ShouldBeNull();
        failed.IsTransient.ShouldBeTrue();
        failed.Message.ShouldBe("Tables: GET /jobs(PartitionKey,RowKey) answered nothing.");
        used!.Verify();
    }

    [Fact]
    public async Task No_secret_is_in_the_text_of_an_error()
    {
        var refused = await Fail(http => AnswerAll(http, 403, "<Error><Code>AuthenticationFailed</Code><Message>secret-body</Message></Error>"));
        refused.ToString().ShouldNotContain("secret");
        refused.ToString().ShouldNotContain("SharedKey");
        refused.ToString().ShouldNotContain("http://");
    }

    [Theory]
    [InlineData("Retry-After: 7", 7.0)]
    [InlineData("Retry-After: 6.5", 6.5)]
    [InlineData("retry-after-ms: 9500", 9.5)]
    [InlineData("x-ms-retry-after-ms: 8000", 8.0)]
    [InlineData("Retry-After: 99999999", 86_400.0)]
    [InlineData("Retry-After: Fri, 20 Nov 2026 12:00:30 GMT", 30.0)]
    [InlineData("Retry-After: soon", null)]
    public async Task The_wait_that_the_service_asks_for_is_passed_on(string header, double? seconds)
    {
        var refused = await Fail(http => AnswerAll(http, 429, "", header, "Date: Fri, 20 Nov 2026 12:00:00 GMT"));
        refused.RetryAfter.ShouldBe(seconds is { } s ? TimeSpan.FromSeconds(s) : null);
    }

    [Fact]
    public async Task A_long_wait_is_left_to_the_caller()
    {
        FakeHttp? used = null;
        await Fail(http => used = http.Answer("GET", Row, 503, headers: ["Retry-After: 60"]));
        used!.Sent.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("TableBeingDeleted", true)]
    [InlineData("SomethingElse", false)]
    public async Task A_name_that_is_still_being_deleted_is_worth_repeating(string code, bool isTransient)
    {
        (await Fail(http => http.Answer("GET", Row, 409, headers: [$"x-ms-error-code: {code}"]))).IsTransient.ShouldBe(isTransient);
    }

    [Fact]
    public async Task A_call_that_the_caller_cancels_is_cancelled_and_no_failure_of_the_service()
    {
        using var cancelling = new CancellationTokenSource();
        var http = new FakeHttp();
        http.Answer("GET", Row, _ =>
        {
            cancelling.Cancel();
            throw new OperationCanceledException(cancelling.Token);
        });

        await Should.ThrowAsync<OperationCanceledException>(() => Get(http, cancelling.Token));
    }

    static void AnswerAll(FakeHttp http, int status, string body, params string[] headers)
    {
        for (var i = 0; i < 4; i++)
        {
            http.Answer("GET", Row, status, body, headers: headers);
        }
    }

    static Task<RemoteCallException> Fail(Action<FakeHttp> plan)
    {
        var http = new FakeHttp();
        plan(http);
        return Should.ThrowAsync<RemoteCallException>(() => Get(http, default));
    }

    static Task<TableRow?> Get(FakeHttp http, CancellationToken cancellationToken) =>
        new AzureTables(FakeStorage.Over(http).Tables()).GetAsync("jobs", "secret-partition", "secret-row", null, cancellationToken);
}
