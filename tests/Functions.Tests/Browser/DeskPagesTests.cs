using Microsoft.Playwright;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Browser;

/// <summary>The desk in a real browser: nothing that the security policy blocks, nothing wider than a phone, and fresh without a reload.</summary>
public sealed class DeskPagesTests : IAsyncLifetime
{
    static readonly LocatorAssertionsToContainTextOptions Soon = new() { Timeout = 60_000 };

    readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("watchdesk-pages-");
    readonly List<string> _complaints = [];
    DeskProcess _desk = null!;
    Chromium _browser = null!;
    IPage _page = null!;

    public async Task InitializeAsync()
    {
        _desk = await DeskProcess.StartAsync(_data.FullName, ChildProcess.FreePort());
        _browser = await Chromium.LaunchAsync();
        _page = await _browser.OpenAsync($"{_desk.Url}/sign-in");
        _page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Add(message.Text);
            }
        };
    }

    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        await _desk.DisposeAsync();
        _data.Delete(recursive: true);
    }

    [Fact]
    [Trait("Size", "Large")]
    public async Task A_visitor_makes_a_key_pings_with_it_and_sees_the_job_come()
    {
        await _page.GetByLabel("E-mail address, or admin").FillAsync("admin");
        await _page.GetByLabel("Password").FillAsync(DeskProcess.Password);
        await _page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(_page.GetByRole(AriaRole.Heading, new() { Name = "No jobs yet" })).ToBeVisibleAsync();
        await Assertions.Expect(_page.GetByText("Trial storage")).ToBeVisibleAsync();

        await _page.GetByRole(AriaRole.Link, new() { Name = "Settings → Keys" }).ClickAsync();
        await _page.GetByLabel("Name").First.FillAsync("cron");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Make a key" }).ClickAsync();
        var key = await _page.Locator(".once > code").InnerTextAsync();

        await _page.GotoAsync("/");
        using (var client = new HttpClient())
        {
            (await client.GetAsync($"{_desk.Url}/ping/{key}/backup?create=1")).EnsureSuccessStatusCode();
        }

        await Assertions.Expect(_page.Locator("#said")).ToContainTextAsync("The job is fine", Soon);
        await Assertions.Expect(_page.GetByRole(AriaRole.Row).Filter(new() { HasText = "backup" })).ToContainTextAsync("GOOD");
        await FitsAPhoneAsync();
        _complaints.ShouldBeEmpty();
    }

    async Task FitsAPhoneAsync()
    {
        await _page.SetViewportSizeAsync(360, 800);
        foreach (var path in new[] { "/", "/jobs", "/incidents", "/deadletters", "/settings" })
        {
            await _page.GotoAsync(path);
            var width = await _page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            width.ShouldBeLessThanOrEqualTo(360, path);
        }
    }
}
