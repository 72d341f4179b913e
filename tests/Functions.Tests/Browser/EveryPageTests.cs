using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Watchdesk.Tests.Support;
using Xunit.Abstractions;

namespace Watchdesk.Tests.Browser;

/// <summary>
/// Every page of a desk with something in it: axe finds nothing serious in light and in dark, and nothing is wider than a phone.
/// WATCHDESK_SCREENSHOTS names a folder for a picture of each page, light and dark, wide and narrow.
/// </summary>
public sealed class EveryPageTests(ITestOutputHelper output)
{
    static readonly ViewportSize Wide = new() { Width = 1280, Height = 900 };
    static readonly ViewportSize Phone = new() { Width = 360, Height = 800 };
    static readonly string? Pictures = Environment.GetEnvironmentVariable("WATCHDESK_SCREENSHOTS");

    readonly List<string> _wrong = [];

    [Fact]
    [Trait("Size", "Large")]
    public async Task Every_page_can_be_read_by_everyone_on_any_screen()
    {
        var data = Directory.CreateTempSubdirectory("watchdesk-every-");
        try
        {
            await using var desk = await DeskProcess.StartAsync(data.FullName, ChildProcess.FreePort());
            using var api = desk.Client();
            await SeededDesk.FillAsync(api, TimeProvider.System.GetUtcNow());
            var list = await PageList.OfAsync(api);
            var pages = await list.FindAsync();
            output.WriteLine($"{pages.Count} pages; no link leads to {string.Join(" ", list.Unreached)}");
            pages.Count.ShouldBeGreaterThan(15);
            await using var browser = await Chromium.LaunchAsync();
            var header = api.DefaultRequestHeaders.Authorization!.ToString();
            await LookAsync(browser, desk.Url, header, [.. pages.Values, "/jobs/nothing"]);
            await LookAsync(browser, desk.Url, null, ["/sign-in"]);
        }
        finally
        {
            data.Delete(recursive: true);
        }

        _wrong.ShouldBeEmpty();
    }

    async Task LookAsync(Chromium browser, string url, string? authorization, IReadOnlyList<string> paths)
    {
        await Task.WhenAll(LookAsync(browser, url, authorization, paths, ColorScheme.Light, Wide, Phone), LookAsync(browser, url, authorization, paths, ColorScheme.Dark, Phone, Wide));
    }

    /// <param name="read">The size at which axe looks: wide in light, narrow in dark.</param>
    async Task LookAsync(Chromium browser, string url, string? authorization, IReadOnlyList<string> paths, ColorScheme scheme, ViewportSize read, ViewportSize other)
    {
        var page = await browser.OpenAsync(url, scheme, authorization);
        foreach (var path in paths)
        {
            await page.SetViewportSizeAsync(read.Width, read.Height);
            await page.GotoAsync(path);
            var found = await page.RunAxe();
            _wrong.AddRange(found.Violations.Where(violation => violation.Impact is "serious" or "critical")
                .Select(violation => $"{path} {scheme}: {violation.Id}, {violation.Help}: {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}"));
            await FitsAsync(page, path, scheme);
            if (Pictures is { Length: > 0 } || other == Phone)
            {
                await page.SetViewportSizeAsync(other.Width, other.Height);
                await FitsAsync(page, path, scheme);
            }
        }
    }

    async Task FitsAsync(IPage page, string path, ColorScheme scheme)
    {
        var (width, wanted) = (await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), page.ViewportSize!.Width);
        if (width > wanted)
        {
            _wrong.Add($"{path} is {width} wide on a screen of {wanted}");
        }

        if (Pictures is { Length: > 0 } folder)
        {
            var name = string.Concat(path.Split('?')[0].Trim('/').Select(c => char.IsLetterOrDigit(c) || c == '-' ? c : '_'));
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{(name.Length > 0 ? name : "desk")}-{scheme}-{wanted}.png".ToLowerInvariant()), FullPage = true });
        }
    }
}
