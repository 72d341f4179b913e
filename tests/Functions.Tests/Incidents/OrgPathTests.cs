using Watchdesk.Hosting;
using Watchdesk.Incidents;

namespace Watchdesk.Tests.Incidents;

[Trait("Demand", "S4-17")]
public sealed class OrgPathTests
{
    [Theory]
    [InlineData(":org:datamer.frontend.ui.service1:", "datamer.frontend.ui.service1",         true)]
    [InlineData(":org:datamer.frontend.ui.service1:", "datamer.frontend.ui.service2",         false)]
    [InlineData(":org:datamer.frontend.ui.*:",        "datamer.frontend.ui.service1",         true)]
    [InlineData(":org:datamer.frontend.ui.*:",        "datamer.frontend.api.service1",        false)]
    [InlineData("datamer.frontend.*",                 "datamer.frontend.ui.service1",         true)]
    [InlineData("datamer.frontend.*",                 "datamer.frontend.haproxy",             true)]
    [InlineData("datamer.frontend.*",                 "datamer.frontend",                     false)]
    [InlineData("datamer.frontend.*",                 "datamer.frontends.ui",                 false)]
    [InlineData("datamer.*.api.service1",             "datamer.frontend.api.service1",        true)]
    [InlineData("datamer.*.service1",                 "datamer.frontend.api.service1",        false)]
    [InlineData("datamer.*.*.organizer.ml",           "datamer.logic.mse.organizer.ml",       true)]
    [InlineData("datamer.logic.*",                    "datamer.logic.mse.organizer.standard", true)]
    [InlineData("DataMer.data.db.OLAP",               "datamer.data.db.olap",                 true)]
    [InlineData("datamer",                            "datamer.data.db.ml",                   false)]
    [InlineData("*",                                  "datamer.data.db.ml",                   true)]
    [InlineData("*.data.*",                           "datamer.data.db.ml",                   true)]
    public void A_star_is_one_level_and_at_the_end_any_depth(string pattern, string path, bool matches) => OrgPath.Parse(pattern).Matches(path).ShouldBe(matches);

    [Fact]
    public void Only_a_star_alone_takes_what_is_unclassified()
    {
        OrgPath.Parse("*").MatchesAny([]).ShouldBeTrue();
        OrgPath.Parse("shop.*").MatchesAny([]).ShouldBeFalse();
        OrgPath.Parse("shop.*").MatchesAny(["web.ui", "shop.ui"]).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("a.b*")]
    [InlineData("a b")]
    [InlineData(".a")]
    public void What_is_no_path_is_refused(string text) => Should.Throw<InvalidRequestException>(() => OrgPath.Parse(text));
}
