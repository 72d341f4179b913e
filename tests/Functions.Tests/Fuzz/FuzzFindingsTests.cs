using System.Text;
using Watchdesk.Clients;

namespace Watchdesk.Tests.Fuzz;

/// <summary>What fuzzing has found, kept as cases of their own.</summary>
public sealed class FuzzFindingsTests : IAsyncLifetime
{
    FuzzDesk _desk = null!;

    public async Task InitializeAsync() => _desk = await FuzzDesk.StartAsync();

    public async Task DisposeAsync() => await _desk.DisposeAsync();

    [Fact]
    public async Task A_message_that_is_twice_in_one_batch_counts_once()
    {
        var message = Message($$"""[{"e":"e1","j":"{{_desk.Job}}","k":1,"t":1795161600000,"r":1795161600000}]""");

        (await _desk.DeliverAsync("TakeInbox", [message, message])).ShouldBe(200);

        (await _desk.JobAsync()).GetProperty("statistics").GetProperty("successes").GetInt32().ShouldBe(1);
    }

    [Theory]
    [InlineData("\"t\":1795161600000000000")]
    [InlineData("\"t\":-5")]
    public async Task A_message_with_an_impossible_time_is_set_aside_and_its_neighbour_is_taken(string time)
    {
        var bad = Message($$"""[{"e":"e1","j":"{{_desk.Job}}","k":1,{{time}},"r":1795161600000}]""");
        var good = Message($$"""[{"e":"e2","j":"{{_desk.Job}}","k":1,"t":1795161600000,"r":1795161600000}]""", "01a1f7f830007be6b9807666e7467ec9");

        (await _desk.DeliverAsync("TakeInbox", [bad, good])).ShouldBe(200);

        (await _desk.JobAsync()).GetProperty("statistics").GetProperty("successes").GetInt32().ShouldBe(1);
        _desk.Rows(Tables.DeadLetters).ShouldBe(1);
    }

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\\udc00x")]
    public async Task Half_a_surrogate_pair_refuses_its_event_only(string half)
    {
        var body = $$"""[{"job":"{{_desk.Job}}","kind":"success","host":"{{half}}"},{"job":"{{_desk.Job}}","k{{half}}":1,"kind":"success"},{"job":"{{_desk.Job}}","kind":"success"}]""";

        (await _desk.SendAsync("POST", "/api/v1/heartbeats", "", Encoding.UTF8.GetBytes(body), "application/json", _desk.Key)).ShouldBe(202);

        (await _desk.JobAsync()).GetProperty("statistics").GetProperty("successes").GetInt32().ShouldBe(1);
    }

    [Theory]
    [InlineData("\"id\":null", "null")]
    [InlineData("\"id\":\"01a1f7f830007be6b9807666e7467ecb\"", "\"not an id\"")]
    public async Task A_mail_without_its_id_or_of_a_job_with_none_is_set_aside(string id, string job)
    {
        var message = Message($$"""[{"r":1795000000000,{{id}},"content":{"from":"a@b.c","to":[],"subject":"x","text":"y","headers":[],"attachments":[],"isCut":false},"job":{{job}}}]""", kind: "mail");

        (await _desk.DeliverAsync("TakeInbox", [message])).ShouldBe(200);

        _desk.Rows(Tables.DeadLetters).ShouldBe(1);
    }

    static byte[] Message(string items, string id = "01a1f7f830007be6b9807666e7467ec8", string kind = "runs") =>
        Encoding.UTF8.GetBytes($$$"""{"envelope":{"v":1,"kind":"{{{kind}}}","tenant":"main","requestId":"{{{id}}}","items":{{{items}}}}}""");
}
