using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Incidents;
using Watchdesk.Tenants;

namespace Watchdesk.Tests.Incidents;

public sealed class OwnershipTests
{
    [Fact]
    [Trait("Demand", "S4-6")]
    [Trait("Demand", "S4-20")]
    public async Task An_incident_is_taken_handed_over_completed_and_opened_again_and_the_assignee_is_told()
    {
        await using var story = await Story.BeginAsync();
        var eve = await story.PersonAsync("eve@example.org");
        await story.TellAsync(A.Bad("a"));
        var path = "/api/v1/incidents/" + await story.OnlyAsync();

        (await story.DoAsync("POST", path + "/take")).GetProperty("owner").GetProperty("at").GetDateTimeOffset().ShouldBe(story.Now);
        (await story.DeliveriesAsync()).ShouldBe(["ops note"]);
        var given = await story.DoAsync("POST", path + "/assign", """{"user":"Eve@example.org"}""");
        given.GetProperty("owner").GetProperty("id").GetString().ShouldBe(eve.Id);
        (await story.DeliveriesAsync()).ShouldBe(["ops note", "eve e-mail"], ignoreOrder: true);
        (await story.DoAsync("POST", path + "/undo")).GetProperty("owner").GetProperty("name").GetString().ShouldBe("key test");
        (await story.DoAsync("POST", path + "/release")).TryGetProperty("owner", out _).ShouldBeFalse();
        (await story.DoAsync("POST", path + "/complete")).GetProperty("state").GetString().ShouldBe("resolved");
        (await story.OpenAsync()).ShouldBeEmpty();
        var again = await story.DoAsync("POST", path + "/undo");

        again.GetProperty("state").GetString().ShouldBe("open");
        again.GetProperty("subjects").GetProperty("bad").GetInt32().ShouldBe(1);
        story.Told.ShouldBe("Opened Resolved Opened");
        var history = await story.HistoryAsync(path.Split('/')[^1]);
        history.ShouldContain("Handed over from key test to eve@example.org.");
        history.ShouldContain("key test gave it back; nobody has it.");
        await story.TellAsync(A.Good("a"));
        (await story.OpenAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_acknowledgement_ends_and_hides_neither_a_worse_turn_nor_a_recovery()
    {
        await using var story = await Story.BeginAsync();
        await story.TellAsync(A.Bad("a", severity: Severity.Warning));
        var id = await story.OnlyAsync();
        var owner = (await story.DoAsync("POST", $"/api/v1/incidents/{id}/acknowledge")).GetProperty("owner");
        owner.GetProperty("until").GetDateTimeOffset().ShouldBe(story.Now.AddDays(1));

        await story.TellAsync(A.Bad("a", turn: 2));
        story.Told.ShouldBe("Opened Worsened");
        await story.App.AdvanceAsync(TimeSpan.FromHours(24.1));
        story.Told.ShouldBe("Opened Worsened Reminder");
        (await story.HistoryAsync(id)).ShouldContain("The acknowledgement of key test has ended. Nobody has it, and reminders go on.");
        await story.TellAsync(A.Good("a", turn: 3));
        story.Told.ShouldEndWith("Resolved");
    }

    [Fact]
    public async Task Several_are_changed_at_once_each_by_itself()
    {
        await using var story = await Story.BeginAsync(hasChannel: false);
        await story.TellAsync(A.Bad("a"), A.Bad("b"), A.Bad("c"));
        var ids = await story.OpenAsync();
        await story.DoAsync("POST", $"/api/v1/incidents/{ids[2]}/complete");

        var body = $$"""{"action":"take","ids":["{{string.Join("\",\"", ids)}}"]}""";
        var answer = await story.DoAsync("POST", "/api/v1/incidents/bulk", body);

        answer.GetProperty("done").GetArrayLength().ShouldBe(2);
        answer.GetProperty("notDone").EnumerateArray().ShouldHaveSingleItem().GetString().ShouldBe(ids[2]);
        (await story.OpenAsync("assigned=yes")).Count.ShouldBe(2);
        await story.DoAsync("POST", "/api/v1/incidents/bulk", body.Replace("take", "undo", StringComparison.Ordinal));
        (await story.OpenAsync("assigned=no")).Count.ShouldBe(3);
        await story.DoAsync("POST", "/api/v1/incidents/bulk", """{"action":"eat","ids":["x"]}""", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task It_is_given_only_to_people_of_the_tenant()
    {
        await using var story = await Story.BeginAsync(hasChannel: false);
        var now = story.Now;
        var other = new User("other", Watchdesk.Clients.Keys.NewId(now), "mallory@example.org", "Mallory", Role.Admin, false, now);
        await story.App.Services.GetRequiredService<UserStore>().CreateAsync(other, now, default);
        await story.TellAsync(A.Bad("a"));
        var path = $"/api/v1/incidents/{await story.OnlyAsync()}/assign";

        await story.DoAsync("POST", path, """{"user":"mallory@example.org"}""", HttpStatusCode.BadRequest);
        await story.DoAsync("POST", path, $$"""{"user":"{{other.Id}}"}""", HttpStatusCode.BadRequest);
        await story.DoAsync("POST", path, "{}", HttpStatusCode.BadRequest);
    }
}
