using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Watchdesk.Tests.Support;
using Xunit.Abstractions;

namespace Watchdesk.Tests.Browser;

/// <summary>What a newcomer sees: two jobs of a real Quartz scheduler, one of them hangs, somebody is told, it recovers.</summary>
public sealed partial class DemoTests(ITestOutputHelper output) : IAsyncLifetime
{
    static readonly TimeSpan JobsLimit = TimeSpan.FromSeconds(60);
    static readonly TimeSpan IncidentLimit = TimeSpan.FromSeconds(120);

    readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("watchdesk-demo-");
    MailServer _mail = null!;
    DeskProcess _desk = null!;
    HttpClient _api = null!;
    Chromium _browser = null!;
    IPage _page = null!;

    public async Task InitializeAsync()
    {
        _mail = await MailServer.StartAsync();
        _desk = await DeskProcess.StartAsync(_data.FullName, ChildProcess.FreePort(), "--demo");
        _api = _desk.Client();
        _browser = await Chromium.LaunchAsync();
    }

    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        _api.Dispose();
        await _desk.DisposeAsync();
        await _mail.DisposeAsync();
        _data.Delete(recursive: true);
    }

    [Fact]
    [Trait("Size", "Large")]
    [Trait("Demand", "S0-1")]
    [Trait("Demand", "S0-2")]
    [Trait("Demand", "S0-3")]
    [Trait("Demand", "S0-4")]
    [Trait("Demand", "S0-5")]
    [Trait("Demand", "S0-6")]
    public async Task A_job_that_hangs_is_told_on_the_page_and_by_mail_and_recovers()
    {
        var clock = Stopwatch.StartNew();
        await SignInAsync();
        await SeeJobsAsync();
        output.WriteLine($"jobs of the sample scheduler on the page {clock.Elapsed.TotalSeconds:0} s after the ready line");
        clock.Elapsed.ShouldBeLessThan(JobsLimit);
        await AddMailChannelAsync();
        var job = await JobAsync("GOOD");
        job.GetProperty("statistics").GetProperty("occurrences").GetInt32().ShouldBeGreaterThan(0);

        clock.Restart();
        await TellSchedulerAsync("hang");
        await SeeIncidentAsync();
        output.WriteLine($"incident on the page {clock.Elapsed.TotalSeconds:0} s after the job was hung");
        (await JobAsync("ATTENTION")).GetProperty("reason").GetString()!.ShouldContain("has not ended");
        var mail = await MailAsync("Send notifications", "has not ended");
        mail.ShouldContain(_desk.Url);

        clock.Restart();
        await TellSchedulerAsync("ok");
        await Assertions.Expect(_page.GetByText("None. When a job is silent")).ToBeVisibleAsync(Within(IncidentLimit));
        output.WriteLine($"incident resolved on the page {clock.Elapsed.TotalSeconds:0} s after the job recovered");
        await JobAsync("GOOD");
        await MailAsync("Send notifications", "RESOLVED");
    }

    async Task SignInAsync()
    {
        _page = await _browser.OpenAsync($"{_desk.Url}/sign-in");
        await _page.GetByLabel("E-mail address, or admin").FillAsync("admin");
        await _page.GetByLabel("Password").FillAsync(DeskProcess.Password);
        await _page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await _page.GotoAsync("/");
    }

    async Task SeeJobsAsync()
    {
        foreach (var name in new[] { "Send notifications", "Nightly backup" })
        {
            var row = _page.GetByRole(AriaRole.Row).Filter(new() { HasText = name });
            await Assertions.Expect(row).ToContainTextAsync("GOOD", new() { Timeout = (float)JobsLimit.TotalMilliseconds });
        }
    }

    async Task SeeIncidentAsync()
    {
        var row = _page.GetByRole(AriaRole.Region, new() { Name = "Open incidents" }).GetByRole(AriaRole.Row).Filter(new() { HasText = "Send notifications" });
        await Assertions.Expect(row).ToContainTextAsync("has not ended", new() { Timeout = (float)IncidentLimit.TotalMilliseconds });
        await SaveScreenshotAsync();
    }

    async Task AddMailChannelAsync()
    {
        var settings = new { host = "127.0.0.1", port = _mail.Port, startTls = false, from = "desk@example.org", to = new[] { "team@example.org" } };
        using var answer = await _api.PostAsJsonAsync("/api/v1/channels", new { kind = "mail", name = "Team", minSeverity = "warning", settings });
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The demo prints where its scheduler takes commands.</summary>
    async Task TellSchedulerAsync(string command)
    {
        var line = await _desk.Process.LineAsync("/jobs/send-notifications/hang", JobsLimit);
        using var scheduler = new HttpClient { BaseAddress = new Uri(Address().Match(line).Value) };
        using var answer = await scheduler.PostAsync(new Uri($"/jobs/send-notifications/{command}", UriKind.Relative), null);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }

    async Task<JsonElement> JobAsync(string status)
    {
        JsonElement job = default;
        await UntilAsync($"the job is {status}", async () =>
        {
            job = await _api.GetFromJsonAsync<JsonElement>("/api/v1/jobs/send-notifications");
            return job.GetProperty("status").GetString() == status;
        });
        return job;
    }

    async Task<string> MailAsync(params string[] words)
    {
        string? found = null;
        await UntilAsync($"a mail with {string.Join(" and ", words)}", () =>
        {
            found = _mail.Texts.FirstOrDefault(mail => words.All(word => mail.Contains(word, StringComparison.Ordinal)));
            return Task.FromResult(found is not null);
        });
        return found!;
    }

    async Task UntilAsync(string what, Func<Task<bool>> isTrue)
    {
        for (var clock = Stopwatch.StartNew(); !await isTrue(); await Task.Delay(250))
        {
            clock.Elapsed.ShouldBeLessThan(IncidentLimit, $"{what}; mails:\n{string.Join("\n---\n", _mail.Texts)}\n{_desk.Process.Output}");
        }
    }

    /// <summary>WATCHDESK_SCREENSHOTS names a folder for the pictures of the README.</summary>
    async Task SaveScreenshotAsync()
    {
        if (Environment.GetEnvironmentVariable("WATCHDESK_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await _page.ScreenshotAsync(new() { Path = Path.Combine(folder, "desk.png"), Clip = new() { Width = 1280, Height = 610 } });
        }
    }

    static LocatorAssertionsToBeVisibleOptions Within(TimeSpan limit) => new() { Timeout = (float)limit.TotalMilliseconds };

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
