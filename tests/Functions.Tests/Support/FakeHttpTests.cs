namespace Watchdesk.Tests.Support;

public sealed class FakeHttpTests
{
    readonly FakeHttp fake = new();

    [Fact]
    public async Task Planned_calls_are_answered_once_and_kept()
    {
        fake.Answer("POST", "https://example.org/a*", 201, "{}", headers: ["Retry-After: 2", "Content-Type: text/plain"]);
        using var client = new HttpClient(fake);

        using var answer = await client.PostAsync("https://example.org/a?b=1", new StringContent("hello"));

        ((int)answer.StatusCode).ShouldBe(201);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        fake.Sent.Single().Text.ShouldBe("hello");
        fake.Sent.Single().Header("Content-Length").ShouldBe("5");
        fake.Verify();
        await Should.ThrowAsync<InvalidOperationException>(() => client.PostAsync("https://example.org/a", null));
        Should.Throw<ShouldAssertException>(fake.Verify);
    }

    [Fact]
    public void A_planned_call_that_never_came_is_noticed()
    {
        fake.Break("GET", "https://example.org/");
        Should.Throw<ShouldAssertException>(fake.Verify);
    }
}
