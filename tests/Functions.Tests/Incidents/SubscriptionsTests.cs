using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Tenants;
using Watchdesk.Tenants.People;
using Watchdesk.Tests.Notices;

namespace Watchdesk.Tests.Incidents;

[Trait("Demand", "S4-17")]
public sealed class SubscriptionsTests
{
    [Fact]
    public async Task A_group_and_a_person_subscribe_and_are_told_of_their_part_alone()
    {
        await using var story = await Story.BeginAsync(hasChannel: false);
        var (eve, bob, ann) = (await story.PersonAsync("eve@example.org"), await story.PersonAsync("bob@example.org"), await story.PersonAsync("ann@example.org"));
        await story.App.Services.GetRequiredService<Groups>().PutAsync(new Group("main", "0193f0c0000070008000000000000009", "ui", [eve.Id, bob.Id, "gone"]), default);
        await story.DoAsync("POST", "/api/v1/subscriptions", """{"group":"0193f0c0000070008000000000000009","interest":"responder","org":":org:datamer.frontend.ui.service1:"}""", HttpStatusCode.Created);
        await story.DoAsync("POST", "/api/v1/subscriptions", $$"""{"user":"{{ann.Id}}","interest":"interested","org":"datamer.frontend.*"}""", HttpStatusCode.Created);

        await story.TellAsync(A.Bad("one") with { Org = "datamer.frontend.ui.service1" });
        (await story.DeliveriesAsync()).ShouldBe(["eve e-mail", "bob e-mail", "ann e-mail"], ignoreOrder: true);
        await story.TellAsync(A.Bad("two") with { Org = "datamer.data.db.ml" });
        (await story.DeliveriesAsync()).Count.ShouldBe(3);
        var reasons = (await story.DoAsync("GET", "/api/v1/notices/who?severity=critical&subject=job:one")).GetProperty("standing").EnumerateArray().Select(line => line.GetString()).ToList();
        reasons.Count.ShouldBe(3);
        reasons.ShouldAllBe(line => line!.Contains("(e-mail): ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Subscriptions_are_made_changed_and_ended()
    {
        await using var story = await Story.BeginAsync(hasChannel: false);
        var eve = await story.PersonAsync("eve@example.org");
        var made = await story.DoAsync("POST", "/api/v1/subscriptions", $$"""{"user":"{{eve.Id}}","org":"shop.*"}""", HttpStatusCode.Created);
        var path = "/api/v1/subscriptions/" + made.GetProperty("id").GetString();
        made.GetProperty("interest").GetString().ShouldBe("responder");

        (await story.DoAsync("PUT", path, $$"""{"user":"{{eve.Id}}","org":"web.*","interest":"interested"}""")).GetProperty("org").GetString().ShouldBe("web.*");
        (await story.DoAsync("GET", "/api/v1/subscriptions")).GetProperty("items").EnumerateArray().ShouldHaveSingleItem().GetProperty("interest").GetString().ShouldBe("interested");
        await story.DoAsync("POST", "/api/v1/subscriptions", """{"user":"0193f0c0000070008000000000000001","org":"web.*"}""", HttpStatusCode.BadRequest);
        await story.DoAsync("POST", "/api/v1/subscriptions", """{"org":"web.*"}""", HttpStatusCode.BadRequest);
        var responder = await story.App.SignedInAsync(Role.Responder);
        (await Api.SendAsync(responder, "DELETE", path)).Status.ShouldBe(HttpStatusCode.Forbidden);
        await story.DoAsync("DELETE", path, expected: HttpStatusCode.NoContent);
        await story.DoAsync("GET", path, expected: HttpStatusCode.NotFound);
    }
}
