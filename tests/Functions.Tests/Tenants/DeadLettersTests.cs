using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Tenants;

public sealed class DeadLettersTests
{
    static readonly DateTimeOffset At = DateTimeOffset.Parse("2026-03-01T09:00:00Z");

    readonly MemoryTables _tables = new();
    readonly Sent _sent = new();
    readonly DeadLetters _letters;

    public DeadLettersTests() => _letters = new DeadLetters(_tables, _sent, ManualClock.At("2026-03-01T09:00:00Z"), (_, _, _, _) => Task.CompletedTask);

    [Fact]
    public async Task The_newest_is_listed_first_without_its_body()
    {
        await _letters.AddAsync(A("old"), default);
        await _letters.AddAsync(A("new") with { At = At.AddSeconds(1) }, default);

        var (letters, next) = await _letters.ListAsync("main", 1, null, default);
        letters.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            letter => letter.Queue.ShouldBe("inbox"),
            letter => letter.Kind.ShouldBe("runs"),
            letter => letter.Reason.ShouldBe("The job is not known."),
            letter => letter.At.ShouldBe(At.AddSeconds(1)),
            letter => letter.Deliveries.ShouldBe(50),
            letter => letter.Bytes.ShouldBe(3));
        (await _letters.ListAsync("main", 1, next, default)).Letters.ShouldHaveSingleItem().At.ShouldBe(At);
        (await _letters.ListAsync("other", 1, null, default)).Letters.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_letter_added_twice_is_one()
    {
        await _letters.AddAsync(A("same"), default);
        await _letters.AddAsync(A("same"), default);

        (await _letters.ListAsync("main", 10, null, default)).Letters.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"envelope":{"v":1,"kind":"runs","tenant":"main","requestId":"r7","items":[]}}""", "runs", "r7")]
    [InlineData("""{"envelope":{"v":2}}""", "", "")]
    [InlineData("no json", "", "")]
    public async Task A_message_tells_its_kind_and_request_when_it_can_be_read(string body, string kind, string request)
    {
        RequestId.Use(null);
        await _letters.AddAsync("main", "inbox", new QueueMessage(body, 3, "m1"), "It is over the bound.", default);

        var letter = (await _letters.ListAsync("main", 10, null, default)).Letters.ShouldHaveSingleItem();
        (letter.Kind, letter.RequestId, letter.Deliveries, letter.Bytes).ShouldBe((kind, request, 3, body.Length));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(61_440)]
    [InlineData(61_441)]
    [InlineData(800_000)]
    public async Task A_body_of_any_size_comes_back_as_it_was(int size)
    {
        var body = new byte[size];
        new Random(1).NextBytes(body);
        await _letters.AddAsync(A("") with { Body = body }, default);

        (await _letters.GetAsync("main", await OnlyIdAsync(), default))!.Value.Body.ShouldBe(body);
    }

    [Fact]
    public async Task A_body_over_the_bound_is_cut_and_says_so()
    {
        await _letters.AddAsync(A("") with { Body = new byte[1_000_000] }, default);

        var id = await OnlyIdAsync();
        var (letter, body) = (await _letters.GetAsync("main", id, default))!.Value;
        letter.IsCut.ShouldBeTrue();
        letter.Bytes.ShouldBe(1_000_000);
        body.Length.ShouldBe(860_160);
        (await _letters.ReplayAsync("main", id, default)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_replay_sends_the_body_to_its_queue_and_takes_the_letter_away()
    {
        await _letters.AddAsync(A("body"), default);
        var id = await OnlyIdAsync();

        (await _letters.ReplayAsync("main", id, default)).ShouldBeTrue();
        (await _letters.ReplayAsync("main", id, default)).ShouldBeFalse();

        _sent.Messages.ShouldHaveSingleItem().ShouldBe(("inbox", "body", id[16..]));
        (await _letters.ListAsync("main", 10, null, default)).Letters.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_replay_that_cannot_send_keeps_the_letter()
    {
        await _letters.AddAsync(A("body"), default);
        var id = await OnlyIdAsync();
        _sent.IsDown = true;

        await Should.ThrowAsync<IOException>(_letters.ReplayAsync("main", id, default));

        (await OnlyIdAsync()).ShouldBe(id);
    }

    [Fact]
    public async Task The_api_lists_shows_replays_and_deletes()
    {
        await using var app = await TestApp.StartAsync(builder => builder.Services.AddSingleton<IMessageSender>(_sent));
        var letters = app.Services.GetRequiredService<DeadLetters>();
        await letters.AddAsync(A("body"), default);
        await letters.AddAsync(A("other") with { At = At.AddSeconds(1) }, default);
        using var reader = await app.SignedInAsync(Role.Reader, Scopes.Read);
        using var operating = await app.SignedInAsync(Role.Operator, Scopes.Write);

        using var list = JsonDocument.Parse(await reader.GetStringAsync("/api/v1/deadletters"));
        var ids = list.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()).ToArray();
        ids.Length.ShouldBe(2);
        (await reader.GetStringAsync($"/api/v1/deadletters/{ids[1]}")).ShouldContain("\"body\":\"body\"");
        (await reader.PostAsync($"/api/v1/deadletters/{ids[1]}/replay", null)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await operating.PostAsync($"/api/v1/deadletters/{ids[1]}/replay", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await operating.PostAsync($"/api/v1/deadletters/{ids[1]}/replay", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await operating.DeleteAsync($"/api/v1/deadletters/{ids[0]}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await operating.DeleteAsync("/api/v1/deadletters/.._x")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        _sent.Messages.Count.ShouldBe(1);
    }

    static DeadLetter A(string body) =>
        new("main", "inbox", "runs", "The job is not known.", "r1", Encoding.UTF8.GetBytes(body), At, 50);

    async Task<string> OnlyIdAsync() => (await _letters.ListAsync("main", 10, null, default)).Letters.ShouldHaveSingleItem().Id;

    sealed class Sent : IMessageSender
    {
        public List<(string Queue, string Body, string Id)> Messages { get; } = [];

        public bool IsDown { get; set; }

        public Task SendAsync(string queue, ReadOnlyMemory<byte> body, string messageId, CancellationToken cancellationToken)
        {
            if (IsDown)
            {
                throw new IOException("The queue does not answer.");
            }

            Messages.Add((queue, Encoding.UTF8.GetString(body.Span), messageId));
            return Task.CompletedTask;
        }
    }
}
