using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Incidents;
using Watchdesk.Tests.Support;
using DeskTables = Watchdesk.Clients.Tables;

namespace Watchdesk.Tests.Incidents;

[Trait("Demand", "S4-19")]
public sealed class IncidentListTests
{
    static readonly Interests Shop = new([new Subscription("1", "eve", false, Interest.Responder, OrgPath.Parse("shop.*")), new Subscription("2", "eve", false, Interest.Interested, OrgPath.Parse("web.*"))]);

    [Theory]
    [InlineData("all",          "shop web none")]
    [InlineData("responder",    "shop")]
    [InlineData("interested",   "shop web")]
    [InlineData("unclassified", "none")]
    public async Task The_filters_are_the_seeds(string show, string expected)
    {
        var bench = new IncidentBench();
        await bench.TellAsync(A.Bad("shop") with { Org = "shop.ui" }, A.Bad("web", severity: Severity.Warning) with { Org = "web.api.x" }, A.Bad("none", severity: Severity.Info));

        var (items, _) = await bench.Lists.ListAsync(IncidentBench.Tenant, new IncidentFilter(Scope: Enum.Parse<IncidentScope>(show, ignoreCase: true)), Shop, 10, null, default);

        string.Join(' ', items.Select(incident => incident.Name)).ShouldBe(expected);
    }

    [Fact]
    public async Task What_nobody_has_comes_before_what_somebody_has()
    {
        await using var story = await Story.BeginAsync(hasChannel: false);
        await story.TellAsync(A.Bad("old"), A.Bad("info", severity: Severity.Info));
        story.App.Clock.Advance(TimeSpan.FromMinutes(1));
        await story.TellAsync(A.Bad("new"));
        var newest = (await story.OpenAsync())[0];

        await story.DoAsync("POST", $"/api/v1/incidents/{newest}/take");

        (await story.DoAsync("GET", "/api/v1/incidents")).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()).ShouldBe(["old", "new", "info"]);
        (await story.OpenAsync("severity=critical&assigned=yes")).ShouldBe([newest]);
        (await story.OpenAsync("text=NEW")).ShouldBe([newest]);
    }

    /// <summary>The figures of issue 4, show 3, on the counting double.</summary>
    [Fact]
    public async Task A_list_reads_little_whatever_its_filter_is()
    {
        await using var story = await Story.BeginAsync(hasChannel: false);
        var desk = story.App.Services.GetRequiredService<IncidentDesk>();
        for (var i = 0; i < 60; i++)
        {
            await desk.TellAsync("main", [.. Enumerable.Range(0, 20).Select(n => A.Bad($"j{i:D3}{n:D2}", 1, (Severity)(n % 3)) with { Org = n == 19 && i == 59 ? "shop.rare" : "shop.ui" })], story.Now, default);
            story.App.Clock.Advance(TimeSpan.FromMinutes(5));
        }

        (await CountAsync(story, "limit=50")).ShouldSatisfyAllConditions(counts => counts.Reads.ShouldBeLessThanOrEqualTo(3), counts => counts.RowsRead.ShouldBeLessThanOrEqualTo(100));
        (await CountAsync(story, "severity=warning&assigned=no")).RowsRead.ShouldBeLessThanOrEqualTo(100);
        (await CountAsync(story, "text=rare")).Reads.ShouldBeLessThanOrEqualTo(3);
        (await story.OpenAsync("text=rare")).ShouldHaveSingleItem();

        static async Task<TableCounts> CountAsync(Story story, string query)
        {
            await story.OpenAsync(query);
            story.App.Tables.ResetCounts();
            await story.OpenAsync(query);
            return story.App.Tables.CountsOf(DeskTables.Incidents) + story.App.Tables.CountsOf(DeskTables.Subscriptions) + story.App.Tables.CountsOf(DeskTables.Groups);
        }
    }
}
