using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Watchdesk.Tests.Support;
using Xunit.Abstractions;

namespace Watchdesk.Tests.Browser;

/// <summary>
/// Every page of a desk with something in it: axe finds nothing serious in light, and enough contrast in dark; nothing is wider than a phone.
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
            await SeededDesk.FillAsync(api, data.FullName, TimeProvider.System.GetUtcNow());
            var list = await PageList.OfAsync(api);
            var pages = await list.FindAsync();
            output.WriteLine($"{pages.Count} pages; no link leads to {string.Join(" ", list.Unreached)}");
            list.Unreached.Where(pattern => pattern.Contains('{', StringComparison.Ordinal)).ShouldBeEmpty();
            await using var browser = await Chromium.LaunchAsync();
            var header = api.DefaultRequestHeaders.Authorization!.ToString();
            var clock = Stopwatch.StartNew();
            await LookAsync(browser, desk.Url, header, [.. pages, KeyValuePair.Create("/not-found", "/jobs/nothing"), KeyValuePair.Create("/failed-job", "/jobs/import")]);
            using var made = await api.PostAsJsonAsync("/api/v1/keys", new { name = "For the help desk", kind = "status" });
            var status = "/status/" + (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key").GetString();
            await LookAsync(browser, desk.Url, null, [KeyValuePair.Create("/sign-in", "/sign-in"), KeyValuePair.Create("/sign-up", "/sign-up"), KeyValuePair.Create("/status", status)]);
            output.WriteLine($"looked at in {clock.Elapsed.TotalSeconds:0} s");
        }
        finally
        {
            data.Delete(recursive: true);
        }

        _wrong.ShouldBeEmpty();
    }

    Task LookAsync(Chromium browser, string url, string? authorization, IReadOnlyList<KeyValuePair<string, string>> pages) => Task.WhenAll(
        LookAsync(browser, url, authorization, pages, ColorScheme.Light, Wide, Phone, new AxeRunOptions()),
        LookAsync(browser, url, authorization, pages, ColorScheme.Dark, Phone, Wide, new AxeRunOptions { RunOnly = RunOnlyOptions.Rules("color-contrast") }));

    /// <param name="read">The size at which axe looks.</param>
    async Task LookAsync(Chromium browser, string url, string? authorization, IReadOnlyList<KeyValuePair<string, string>> pages, ColorScheme scheme, ViewportSize read, ViewportSize other, AxeRunOptions rules)
    {
        var page = await browser.OpenAsync(url, scheme, authorization);
        foreach (var (name, path) in pages)
        {
            await page.SetViewportSizeAsync(read.Width, read.Height);
            await page.GotoAsync(path);
            var found = await page.RunAxe(rules);
            _wrong.AddRange(found.Violations.Where(violation => violation.Impact is "serious" or "critical")
                .Select(violation => $"{path} {scheme}: {violation.Id}, {violation.Help}: {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}"));
            await FitsAsync(page, name, scheme);
            if (Pictures is { Length: > 0 } || other == Phone)
            {
                await page.SetViewportSizeAsync(other.Width, other.Height);
                await FitsAsync(page, name, scheme);
            }
        }
    }

    async Task FitsAsync(IPage page, string name, ColorScheme scheme)
    {
        var (width, wanted) = (await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), page.ViewportSize!.Width);
        if (width > wanted)
        {
            _wrong.Add($"{page.Url} is {width} wide on a screen of {wanted}");
        }

        if (Pictures is { Length: > 0 } folder)
        {
            var file = string.Concat(name.Trim('/').Select(c => char.IsLetterOrDigit(c) || c == '-' ? c : '_'));
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{(file.Length > 0 ? file : "desk")}-{scheme}-{wanted}.png".ToLowerInvariant()), FullPage = true });
        }
    }
}
