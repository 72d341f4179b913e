using System.Net;
using Watchdesk.Incidents;

namespace Watchdesk.Tests.Incidents;

[Trait("Demand", "S4-25b")]
public sealed class MergeTests
{
    [Fact]
    public async Task Merged_incidents_are_one_and_their_subjects_follow()
    {
        await using var story = await Story.BeginAsync();
        await story.TellAsync(A.Bad("web", severity: Severity.Warning));
        await story.TellAsync(A.Bad("db") with { Org = "shop.data" });
        var (db, web) = ((await story.OpenAsync())[0], (await story.OpenAsync())[1]);

        var merged = await story.DoAsync("POST", $"/api/v1/incidents/{db}/merge", $$"""{"into":"{{web}}"}""");
        merged.GetProperty("id").GetString().ShouldBe(web);
        merged.GetProperty("severity").GetString().ShouldBe("critical");
        merged.GetProperty("orgs").EnumerateArray().ShouldHaveSingleItem().GetString().ShouldBe("shop.data");
        (await story.OnlyAsync()).ShouldBe(web);
        (await story.DoAsync("GET", $"/api/v1/incidents/{web}/signals")).GetProperty("items").GetArrayLength().ShouldBe(2);
        (await story.DoAsync("GET", "/api/v1/incidents/" + db)).GetProperty("mergedInto").GetString().ShouldBe(web);
        story.Told.ShouldBe("Opened Opened Worsened");
        await story.DoAsync("POST", $"/api/v1/incidents/{db}/reopen", expected: HttpStatusCode.Conflict);

        await story.TellAsync(A.Good("db"));
        var left = await story.DoAsync("GET", "/api/v1/incidents/" + web);
        left.GetProperty("severity").GetString().ShouldBe("warning");
        left.GetProperty("name").GetString().ShouldBe("web");
        await story.TellAsync(A.Bad("db", turn: 3));
        (await story.OpenAsync()).Count.ShouldBe(2, "a good subject has left it");
        await story.TellAsync(A.Good("web"), A.Good("db", turn: 4));
        (await story.OpenAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_signal_is_split_off_or_unlinked()
    {
        await using var story = await Story.BeginAsync();
        await story.TellAsync(A.Bad("a"), A.Bad("b"), A.Bad("c"));
        var ids = await story.OpenAsync();
        await story.DoAsync("POST", $"/api/v1/incidents/{ids[1]}/merge", $$"""{"into":"{{ids[0]}}"}""");
        await story.DoAsync("POST", $"/api/v1/incidents/{ids[2]}/merge", $$"""{"into":"{{ids[0]}}"}""");
        var kept = (await story.DoAsync("GET", "/api/v1/incidents/" + ids[0])).GetProperty("subject").GetString()!;
        string[] others = [.. new[] { "job:a", "job:b", "job:c" }.Where(subject => subject != kept)];
        var told = story.Told;

        var apart = await story.DoAsync("POST", $"/api/v1/incidents/{ids[0]}/split", $$"""{"subjects":["{{others[0]}}"]}""");
        apart.GetProperty("subject").GetString().ShouldBe(others[0]);
        await story.DoAsync("POST", $"/api/v1/incidents/{ids[0]}/unlink", $$"""{"subjects":["{{others[1]}}"]}""");
        await story.DoAsync("POST", $"/api/v1/incidents/{ids[0]}/unlink", $$"""{"subjects":["{{others[1]}}"]}""", HttpStatusCode.BadRequest);

        story.Told.ShouldBe(told, "what was told already is not told again");
        (await story.DoAsync("GET", "/api/v1/incidents/" + ids[0])).GetProperty("subjects").GetProperty("bad").GetInt32().ShouldBe(1);
        (await story.OpenAsync()).Count.ShouldBe(2);
        await story.TellAsync(A.Good(others[0][4..]));
        (await story.OnlyAsync()).ShouldBe(ids[0]);
        await story.TellAsync(A.Bad(others[1][4..], turn: 2));
        (await story.OpenAsync()).Count.ShouldBe(2);
    }
}
