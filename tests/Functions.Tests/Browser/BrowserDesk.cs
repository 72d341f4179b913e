using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Browser;

/// <summary>One desk and one Chromium for the stories of a class.</summary>
public sealed class BrowserDesk : IAsyncLifetime
{
    public const string Password = "a good password";
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("watchdesk-stories-");
    DeskProcess _desk = null!;
    Chromium _browser = null!;

    public HttpClient Api { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _desk = await DeskProcess.StartAsync(_data.FullName, ChildProcess.FreePort());
        Api = _desk.Client();
        _browser = await Chromium.LaunchAsync();
    }

    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        Api.Dispose();
        await _desk.DisposeAsync();
        _data.Delete(recursive: true);
    }

    /// <param name="complaints">Takes what the browser blocks or warns of.</param>
    public async Task<IPage> OpenAsync(string path, bool hasScript = true, List<string>? complaints = null)
    {
        var page = await _browser.OpenAsync(_desk.Url + path, hasScript);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                complaints?.Add(message.Text);
            }
        };
        return page;
    }

    public async Task<IPage> SignedInAsync(string login, string password, bool hasScript = true, List<string>? complaints = null)
    {
        var page = await OpenAsync("/sign-in", hasScript, complaints);
        await SignInAsync(page, login, password);
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Incidents", Exact = true })).ToBeVisibleAsync();
        return page;
    }

    public static async Task SignInAsync(IPage page, string login, string password)
    {
        await page.GetByLabel("E-mail address, or admin").FillAsync(login);
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    public async Task PostAsync(string path, object body)
    {
        using var answer = await Api.PostAsJsonAsync(path, body);
        answer.IsSuccessStatusCode.ShouldBeTrue($"{path}: {await answer.Content.ReadAsStringAsync()}");
    }

    public async Task UntilAsync(string path, Func<JsonElement, bool> isSo)
    {
        for (var clock = Stopwatch.StartNew(); !isSo(await Api.GetFromJsonAsync<JsonElement>(path)); await Task.Delay(200))
        {
            clock.Elapsed.ShouldBeLessThan(Limit, path);
        }
    }
}
