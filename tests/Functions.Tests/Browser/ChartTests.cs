using System.Diagnostics;
using System.Net.Http.Json;
using Microsoft.Playwright;
using Watchdesk.Tests.Support;
using Xunit.Abstractions;

namespace Watchdesk.Tests.Browser;

/// <summary>A chart in a real browser: a new point comes by itself (how soon is printed; five seconds are promised), and a rule is written with its errors said at once.</summary>
public sealed class ChartTests(ITestOutputHelper output) : IAsyncLifetime
{
    readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("watchdesk-chart-");
    readonly List<string> _complaints = [];
    DeskProcess _desk = null!;
    HttpClient _api = null!;
    Chromium _browser = null!;
    IPage _page = null!;

    public async Task InitializeAsync()
    {
        _desk = await DeskProcess.StartAsync(_data.FullName, ChildProcess.FreePort());
        _api = _desk.Client();
        _browser = await Chromium.LaunchAsync();
        _page = await _browser.OpenAsync($"{_desk.Url}/sign-in");
        await _page.GetByLabel("E-mail address, or admin").FillAsync("admin");
        await _page.GetByLabel("Password").FillAsync(DeskProcess.Password);
        await _page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(_page.GetByRole(AriaRole.Link, new() { Name = "Charts" })).ToBeVisibleAsync();
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
        _api.Dispose();
        await _desk.DisposeAsync();
        _data.Delete(recursive: true);
    }

    [Fact]
    [Trait("Size", "Large")]
    [Trait("Demand", "S1-10")]
    public async Task A_new_point_comes_onto_the_chart_by_itself()
    {
        await SendAsync(12);
        await _page.GetByRole(AriaRole.Link, new() { Name = "Charts" }).ClickAsync();
        var metric = _page.GetByRole(AriaRole.Link, new() { Name = "time_taken" });
        await metric.WaitForAsync(new() { Timeout = 60_000 });
        await metric.ClickAsync();
        var chart = _page.GetByRole(AriaRole.Img, new() { Name = "Recommendation/time_taken" });
        await Assertions.Expect(chart).ToBeVisibleAsync();
        await Assertions.Expect(_page.GetByText("1 value,")).ToBeVisibleAsync();
        for (var n = 2; n <= 4; n++)
        {
            var clock = Stopwatch.StartNew();
            await SendAsync(12 * n);
            await Assertions.Expect(_page.GetByText($"{n} values,")).ToBeVisibleAsync();
            output.WriteLine($"point {n} on the chart after {clock.Elapsed.TotalSeconds:0.0} s");
        }

        await chart.Locator("path.line, path.dot").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await FitsAPhoneAsync();
        _complaints.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Size", "Large")]
    [Trait("Demand", "S1-5")]
    public async Task An_error_is_said_at_its_column_while_somebody_types()
    {
        await _page.GotoAsync("/rules/new");
        await _page.GetByLabel("Name", new() { Exact = true }).FillAsync("Rule4");
        await _page.GetByLabel("Condition").FillAsync("P99 time_taken 5m > -5");
        await Assertions.Expect(_page.Locator("#condition-said")).ToContainTextAsync("column 17");
        await _page.GetByLabel("Condition").FillAsync("P99 time_taken 0d_0h_0m_0s > -5");
        await Assertions.Expect(_page.Locator("#condition-said")).ToBeEmptyAsync();

        await _page.GetByRole(AriaRole.Button, new() { Name = "What would have fired?" }).ClickAsync();
        await Assertions.Expect(_page.GetByText("It would not have fired.")).ToBeVisibleAsync();
        await _page.GetByRole(AriaRole.Button, new() { Name = "Store the rule" }).ClickAsync();
        await Assertions.Expect(_page.GetByRole(AriaRole.Heading, new() { Name = "Rule4" })).ToBeVisibleAsync();
        _complaints.ShouldBeEmpty();
    }

    async Task SendAsync(double value) =>
        (await _api.PostAsJsonAsync("/api/v1/metrics", new[] { new { name = "time_taken", @namespace = "Recommendation", value } })).EnsureSuccessStatusCode();

    async Task FitsAPhoneAsync()
    {
        await _page.SetViewportSizeAsync(360, 800);
        foreach (var path in new[] { "/charts", "/charts?name=time_taken&namespace=Recommendation", "/rules", "/rules/new" })
        {
            await _page.GotoAsync(path);
            (await _page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(360, path);
        }
    }
}
