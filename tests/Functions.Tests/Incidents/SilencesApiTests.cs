using System.Net;
using Watchdesk.Incidents;

namespace Watchdesk.Tests.Incidents;

public sealed class SilencesApiTests
{
    const string Shop = """{"match":{"org":"shop.*"},"until":"2026-11-20T10:00:00Z","reason":"Known, ticket 7"}""";

    [Fact]
    public async Task A_silence_hides_a_known_kind_and_tells_what_is_still_open_when_it_ends()
    {
        await using var story = await Story.BeginAsync();
        await story.TellAsync(In("a", 1), In("b", 1));
        await story.TellAsync(Well("a", 2), Well("b", 2));
        var silence = await story.DoAsync("POST", "/api/v1/silences", Shop, HttpStatusCode.Created);
        story.Told.ShouldBe("Opened Opened Resolved Resolved");

        await story.TellAsync(In("a", 3), In("b", 3));
        await story.TellAsync(Well("b", 4));
        story.Sent.Messages.Count.ShouldBe(4);
        var reasons = (await story.DoAsync("GET", "/api/v1/incidents/" + await story.OnlyAsync())).GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()).ToList();
        reasons.ShouldContain(reason => reason!.Contains("silenced by “Known, ticket 7” of key test until 2026-11-20 10:00 UTC", StringComparison.Ordinal));

        await story.App.AdvanceAsync(TimeSpan.FromHours(2.1));
        story.Told.ShouldBe("Opened Opened Resolved Resolved Opened");
        (await story.DoAsync("GET", $"/api/v1/silences/{silence.GetProperty("id").GetString()}")).GetProperty("state").GetString().ShouldBe("over");
    }

    [Fact]
    public async Task A_silence_hides_no_new_kind_no_worse_turn_and_no_recovery()
    {
        await using var story = await Story.BeginAsync();
        await story.TellAsync(In("known", 1) with { Severity = Severity.Warning });
        await story.DoAsync("POST", "/api/v1/silences", Shop, HttpStatusCode.Created);

        await story.TellAsync(In("new", 1));
        story.Told.ShouldBe("Opened Opened");
        await story.TellAsync(In("known", 2));
        story.Told.ShouldBe("Opened Opened Worsened");
        await story.TellAsync(Well("known", 3), Well("new", 2));
        story.Told.ShouldBe("Opened Opened Worsened Resolved Resolved");
    }

    [Fact]
    public async Task A_preview_says_what_it_would_hide_and_ending_early_tells_it()
    {
        await using var story = await Story.BeginAsync();
        await story.TellAsync(In("a", 1));
        await story.TellAsync(Well("a", 2));
        await story.TellAsync(In("a", 3), In("b", 1), A.Bad("elsewhere"));

        var preview = await story.DoAsync("POST", "/api/v1/silences/preview", """{"match":{"org":"shop.*"}}""");
        preview.GetProperty("hides").EnumerateArray().ShouldHaveSingleItem().GetProperty("name").GetString().ShouldBe("a");
        preview.GetProperty("tells").EnumerateArray().ShouldHaveSingleItem().GetProperty("name").GetString().ShouldBe("b");

        await story.TellAsync(Well("a", 4));
        var id = (await story.DoAsync("POST", "/api/v1/silences", Shop, HttpStatusCode.Created)).GetProperty("id").GetString();
        await story.TellAsync(In("a", 5));
        var before = story.Sent.Messages.Count;
        await story.DoAsync("POST", $"/api/v1/silences/{id}/end");
        await story.App.AdvanceAsync(TimeSpan.FromSeconds(20));
        story.Sent.Messages.Count.ShouldBe(before + 1);
        await story.DoAsync("PUT", $"/api/v1/silences/{id}", Shop, HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{"match":{"org":"shop.*"},"reason":"x"}""")]
    [InlineData("""{"match":{"org":"shop.*"},"until":"2026-11-20T07:00:00Z","reason":"x"}""")]
    [InlineData("""{"match":{"org":"shop.*"},"until":"2027-11-20T07:00:00Z","reason":"x"}""")]
    [InlineData("""{"match":{"org":"shop.*"},"until":"2026-11-20T09:00:00Z"}""")]
    [InlineData("""{"match":{},"until":"2026-11-20T09:00:00Z","reason":"x"}""")]
    [InlineData("""{"match":{"org":"a b"},"until":"2026-11-20T09:00:00Z","reason":"x"}""")]
    public async Task A_silence_needs_an_end_a_reason_and_something_it_is_about(string body)
    {
        await using var story = await Story.BeginAsync(hasChannel: false);

        (await story.DoAsync("POST", "/api/v1/silences", body, HttpStatusCode.BadRequest)).GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
    }

    static Signal In(string name, long turn) => A.Bad(name, turn) with { Org = "shop.ui" };

    static Signal Well(string name, long turn) => A.Good(name, turn) with { Org = "shop.ui" };
}
