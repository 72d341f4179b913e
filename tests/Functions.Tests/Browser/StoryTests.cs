using System.Globalization;
using Microsoft.Playwright;
using Watchdesk.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Watchdesk.Tests.Browser;

/// <summary>What the desk is for, as two people live it: a flood, one incident, who has it, the end of it, and the account of it.</summary>
public sealed class StoryTests(BrowserDesk desk) : IClassFixture<BrowserDesk>
{
    const int Jobs = 30;

    readonly List<string> _complaints = [];

    [Theory]
    [InlineData(true,  "nfs")]
    [InlineData(false, "dns")]
    [Trait("Size", "Large")]
    [Trait("Demand", "S4-2")]
    [Trait("Demand", "S4-18")]
    [Trait("Demand", "S4-20")]
    [Trait("Demand", "S4-21")]
    [Trait("Demand", "S4-23")]
    [Trait("Demand", "S4-27")]
    public async Task A_flood_is_one_incident_that_is_taken_handed_over_completed_and_reported(bool hasScript, string what)
    {
        var bob = $"bob-{what}@example.org";
        await desk.PostAsync("/api/v1/users", new { login = bob, name = "Bob " + what, role = "responder", password = BrowserDesk.Password });
        var admin = await desk.SignedInAsync("admin", DeskProcess.Password, hasScript, _complaints);
        await FloodAsync(what);

        await admin.GotoAsync("/");
        var open = admin.GetByRole(AriaRole.Region, new() { Name = "Open incidents" }).GetByRole(AriaRole.Row);
        await Expect(open).ToHaveCountAsync(2);
        await open.GetByRole(AriaRole.Link, new() { Name = $"{Jobs} jobs" }).ClickAsync();
        await Expect(admin.GetByText($"{Jobs} subjects turned bad at once").First).ToBeVisibleAsync();
        await admin.GetByRole(AriaRole.Button, new() { Name = "Take" }).ClickAsync();
        await DoneAsync(admin, "The incident is yours.");
        await admin.GetByLabel("Assign to").SelectOptionAsync(new SelectOptionValue { Label = "Bob " + what });
        await admin.GetByRole(AriaRole.Button, new() { Name = "Assign", Exact = true }).ClickAsync();
        await DoneAsync(admin, "Assigned; who has it now is told.");

        var theirs = await desk.SignedInAsync(bob, BrowserDesk.Password, hasScript, _complaints);
        await theirs.GotoAsync("/incidents");
        await theirs.GetByRole(AriaRole.Link, new() { Name = "mine" }).ClickAsync();
        await theirs.GetByRole(AriaRole.Link, new() { Name = $"{Jobs} jobs" }).ClickAsync();
        await theirs.GetByLabel("Complete it, because").FillAsync($"The {what} server is back.");
        await theirs.GetByRole(AriaRole.Button, new() { Name = "Complete with this reason" }).ClickAsync();
        await DoneAsync(theirs, "The incident is resolved.");
        await Expect(theirs.GetByText($"The {what} server is back.").First).ToBeVisibleAsync();
        await Expect(theirs.GetByText(bob).First).ToBeVisibleAsync();

        await ReportedAsync(theirs);
        _complaints.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Size", "Large")]
    [Trait("Demand", "S4-19")]
    public async Task A_tick_stays_on_its_incident_while_the_list_moves_under_it()
    {
        await desk.PostAsync("/api/v1/jobs", new { name = "Ticked", severity = "warning" });
        await desk.PostAsync("/api/v1/jobs", new { name = "Worse", severity = "critical" });
        await FailAsync("ticked");
        await desk.UntilAsync("/api/v1/incidents", answer => answer.GetProperty("items").EnumerateArray().Any(item => item.GetProperty("name").GetString() == "Ticked"));
        var page = await desk.SignedInAsync("admin", DeskProcess.Password, complaints: _complaints);
        await page.GotoAsync("/incidents");
        var tick = page.GetByLabel("Tick Ticked");
        await tick.CheckAsync();
        await Expect(page.Locator("tbody tr").First).ToContainTextAsync("Ticked");

        await FailAsync("worse");

        await Expect(page.Locator("tbody tr").First).ToContainTextAsync("Worse", new() { Timeout = 30_000 });
        await Expect(tick).ToBeCheckedAsync();
        await Expect(tick).ToBeFocusedAsync();
        await Expect(page.GetByLabel("Tick Worse")).Not.ToBeCheckedAsync();
        await page.GetByLabel("Tick Worse").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Complete", Exact = true }).Last.ClickAsync();
        await Expect(page.GetByText("Undo (2)")).ToBeVisibleAsync();
        _complaints.ShouldBeEmpty();
    }

    Task FailAsync(string job) => desk.PostAsync("/api/v1/heartbeats", new { job, kind = "fail", exitStatus = 1 });

    async Task FloodAsync(string what)
    {
        await desk.PostAsync("/api/v1/heartbeats", Enumerable.Range(0, Jobs).Select(n => new { job = string.Create(CultureInfo.InvariantCulture, $"{what}-{n}"), kind = "fail", exitStatus = 5, host = what + "-server", message = "stale file handle" }));
        await desk.UntilAsync("/api/v1/incidents", answer => answer.GetProperty("items").EnumerateArray().Any(item => item.GetProperty("name").GetString() == $"{Jobs} jobs"));
    }

    static async Task DoneAsync(IPage page, string sentence) => await Expect(page.Locator("#done")).ToHaveTextAsync(sentence);

    static async Task ReportedAsync(IPage page)
    {
        await page.GotoAsync("/reports");
        var totals = page.GetByRole(AriaRole.Region, new() { Name = "Totals" });
        await Expect(totals.Locator("dt:text-is('Open now') + dd")).ToHaveTextAsync("0");
        await Expect(totals.Locator("dt:text-is('Closed') + dd")).Not.ToHaveTextAsync("0");
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "critical" })).ToContainTextAsync("mean");
    }
}
