using Microsoft.Playwright;
using Watchdesk.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Watchdesk.Tests.Browser;

/// <summary>The seed's user stories through the pages: people sign up, are listed and looked at, change themselves, and go.</summary>
public sealed class PeopleTests(BrowserDesk desk) : IClassFixture<BrowserDesk>
{
    const string NewPassword = "another good password";

    readonly List<string> _complaints = [];

    [Theory]
    [InlineData(true,  "ann")]
    [InlineData(false, "ben")]
    [Trait("Size", "Large")]
    [Trait("Demand", "US006")]
    [Trait("Demand", "S3-17")]
    [Trait("Demand", "S3-18")]
    public async Task Somebody_signs_up_is_seen_changes_and_leaves(bool hasScript, string name)
    {
        var mail = name + "@example.org";
        var page = await desk.OpenAsync(await InvitedAsync(mail), hasScript, _complaints);
        await page.GetByLabel("E-mail address").FillAsync(mail);
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await page.GetByLabel("Password").FillAsync(BrowserDesk.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign up" }).ClickAsync();
        await Expect(page.Locator("#done")).ToContainTextAsync("Welcome.");

        await SeeAsync(page, name, mail, "U-none");
        await ChangeAsync(page, name, mail);
        await SeeAsync(page, name + " the second", mail, "U042");
        await SignInAgainAsync(page, mail);
        await LeaveAsync(page, mail);
        _complaints.ShouldAllBe(complaint => complaint.Contains("401", StringComparison.Ordinal), "but for the wrong password, which is one of the steps");
    }

    /// <summary>The path of a link that works once.</summary>
    async Task<string> InvitedAsync(string mail)
    {
        var admin = await desk.SignedInAsync("admin", DeskProcess.Password, complaints: _complaints);
        await admin.GotoAsync("/people");
        await admin.GetByLabel("E-mail address, if only this person may use it").FillAsync(mail);
        await admin.GetByRole(AriaRole.Button, new() { Name = "Make a link" }).ClickAsync();
        return new Uri(await admin.Locator(".once > code").InnerTextAsync()).PathAndQuery;
    }

    /// <summary>All of them, then one (US002, US003).</summary>
    static async Task SeeAsync(IPage page, string name, string mail, string slack)
    {
        await page.GotoAsync("/people");
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = mail })).ToContainTextAsync("reader");
        await page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).Last.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = name })).ToBeVisibleAsync();
        await Expect(page.GetByText(slack)).ToHaveCountAsync(slack == "U-none" ? 0 : 1);
    }

    /// <summary>US004.</summary>
    static async Task ChangeAsync(IPage page, string name, string mail)
    {
        await page.GotoAsync("/profile");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(name + " the second");
        await page.GetByLabel("Slack user").FillAsync("U042");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.Locator("#done")).ToHaveTextAsync("Saved.");
        await page.GetByLabel("Current password").FillAsync(BrowserDesk.Password);
        await page.GetByLabel("New password").FillAsync(NewPassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Change password" }).ClickAsync();
        await Expect(page.Locator("#done")).ToContainTextAsync("The password is changed");
        await Expect(page.GetByLabel("E-mail address", new() { Exact = true })).ToHaveValueAsync(mail);
    }

    static async Task SignInAgainAsync(IPage page, string mail)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).First.ClickAsync();
        await BrowserDesk.SignInAsync(page, mail, BrowserDesk.Password);
        await Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await BrowserDesk.SignInAsync(page, mail, NewPassword);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Incidents", Exact = true })).ToBeVisibleAsync();
    }

    /// <summary>US005.</summary>
    async Task LeaveAsync(IPage page, string mail)
    {
        await page.GotoAsync("/profile");
        await page.GetByLabel("Type your e-mail address").FillAsync(mail);
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete for ever" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        var admin = await desk.SignedInAsync("admin", DeskProcess.Password);
        await admin.GotoAsync("/people");
        await Expect(admin.GetByText(mail)).ToHaveCountAsync(0);
    }
}
