using Microsoft.Playwright;

namespace Watchdesk.Tests.Browser;

/// <summary>Debian's Chromium, driven by Playwright; it reaches nothing but this machine.</summary>
public sealed class Chromium : IAsyncDisposable
{
    readonly IPlaywright _playwright;
    readonly IBrowser _browser;

    Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Chromium> LaunchAsync()
    {
        // How long something takes decides nothing: a busy machine may need a while.
        Assertions.SetDefaultExpectTimeout(60_000);
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = FindOnPath("chromium"),
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            ],
        });
        return new Chromium(playwright, browser);
    }

    /// <param name="hasScript">Otherwise it runs no script, as a browser in which somebody turned it off.</param>
    public async Task<IPage> OpenAsync(string url, bool hasScript = true)
    {
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = url, JavaScriptEnabled = hasScript, ViewportSize = new ViewportSize { Width = 1280, Height = 900 } });
        var page = await context.NewPageAsync();
        await page.GotoAsync(url);
        return page;
    }

    /// <param name="authorization">Sent with every request; null for a visitor.</param>
    public async Task<IPage> OpenAsync(string url, ColorScheme scheme, string? authorization)
    {
        var headers = authorization is null ? null : new Dictionary<string, string>(StringComparer.Ordinal) { ["Authorization"] = authorization };
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = url, ColorScheme = scheme, ExtraHTTPHeaders = headers });
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    static string FindOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException($"{program} is not installed; tests/run installs it.");
}
