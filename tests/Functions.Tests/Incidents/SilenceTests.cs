using Watchdesk.Incidents;

namespace Watchdesk.Tests.Incidents;

public sealed class SilenceTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);

    static readonly Incident Open = new()
    {
        Id = "i", Subject = "job:a", Name = "nightly-backup", Reason = "No success for 25 min.", Severity = Severity.Warning, Host = "db-7.example.org", Orgs = ["shop.data.db"], Since = Now, OpenedAt = Now, Subjects = 1,
    };

    [Theory]
    [InlineData(null,        "shop.*",   null,        null,         null,     true)]
    [InlineData(null,        "web.*",    null,        null,         null,     false)]
    [InlineData("warning",   null,       null,        null,         null,     true)]
    [InlineData("critical",  null,       null,        null,         null,     false)]
    [InlineData(null,        null,       "nightly-*", null,         null,     true)]
    [InlineData(null,        null,       "nightly",   null,         null,     false)]
    [InlineData(null,        null,       null,        "DB-7.*",     null,     true)]
    [InlineData(null,        null,       null,        "db-8.*",     null,     false)]
    [InlineData(null,        null,       null,        null,         "25 MIN", true)]
    [InlineData("warning",   "shop.*",   null,        "db-8.*",     null,     false)]
    public void All_that_is_given_must_fit(string? severity, string? org, string? name, string? server, string? text, bool fits) =>
        new SilenceMatch(severity is null ? null : [Enum.Parse<Severity>(severity, ignoreCase: true)], org, name, server, text).Fits(Open).ShouldBe(fits);

    [Theory]
    [InlineData("shop.*", null,        false, true)]
    [InlineData("shop.*", null,        true,  false)]
    [InlineData(null,     "nightly-*", true,  true)]
    public void A_broad_silence_hides_no_new_kind_of_event(string? org, string? name, bool isNew, bool hides) =>
        new Silence("s", new SilenceMatch(Org: org, Name: name), Now, Now.AddHours(1), "r", "eve", Now).Hides(Open with { IsNewKind = isNew }).ShouldBe(hides);
}
