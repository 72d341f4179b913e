using System.Net;
using System.Net.Http.Json;
using Watchdesk.Metrics;
using Watchdesk.Pages;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Pages;

public sealed class ChartPagesTests : IAsyncLifetime
{
    const string Chart = "/charts?name=time_taken&namespace=Recommendation";

    TestApp _app = null!;
    HttpClient _desk = null!;
    Browser _browser = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        _desk = await _app.SignedInAsync();
        _browser = await Browser.SignedInAsync(_app, Role.Reader);
    }

    public async Task DisposeAsync()
    {
        _browser.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Without_a_metric_the_page_says_how_to_send_one()
    {
        await _browser.OpenAsync("/charts");

        _browser.Html.ShouldContain("No metric yet");
        _browser.Html.ShouldContain("/api/v1/metrics");
    }

    [Fact]
    [Trait("Demand", "S1-10")]
    public async Task A_metric_is_drawn_and_a_new_point_changes_the_page()
    {
        await SendAsync(10, 20, 30);
        await _browser.OpenAsync("/charts");
        _browser.Html.ShouldContain("name=time_taken&amp;namespace=Recommendation");

        (await _browser.OpenAsync(Chart)).ShouldBe(HttpStatusCode.OK);
        var tag = _browser.Answer.Headers.ETag!.Tag;
        _browser.Html.ShouldContain("<title id=\"chart-title\">Recommendation/time_taken</title>");
        _browser.Html.ShouldMatch("P50 last (19\\.[89]|20)");
        _browser.Html.ShouldContain("data-live=\"3000\"");
        (await _browser.OpenAsync(Chart, tag)).ShouldBe(HttpStatusCode.NotModified);

        await SendAsync(5000);
        (await _browser.OpenAsync(Chart, tag)).ShouldBe(HttpStatusCode.OK);
        _browser.Html.ShouldContain("4 values");
    }

    [Theory]
    [InlineData("&show=AVG&range=30d", "AVG last 20")]
    [InlineData("&show=COUNT&range=6h", "COUNT last 3")]
    [InlineData("&show=nonsense&range=nonsense", "P99 last (29\\.[789]|30)")]
    [InlineData("&show=P100", "P100 last 30,")]
    [InlineData("&show=p0", "P0 last 10,")]
    public async Task What_is_shown_can_be_chosen(string choice, string text)
    {
        await SendAsync(10, 20, 30);

        await _browser.OpenAsync(Chart + choice);

        _browser.Html.ShouldMatch(text);
    }

    [Fact]
    public async Task The_list_has_namespace_and_last_value()
    {
        await SendAsync(10, 20, 30);
        await _desk.PostAsJsonAsync("/api/v1/metrics", new[] { new { name = "bare", value = 7, at = _app.Clock.GetUtcNow().AddHours(-3) } });
        await _app.SettleAsync();

        await _browser.OpenAsync("/charts");

        _browser.Html.ShouldMatch("time_taken</a><span class=\"quiet\">Recommendation</span>\\s*<span class=\"end\"><b>20</b>");
        _browser.Html.ShouldMatch("bare</a><span class=\"quiet\">no namespace</span>\\s*<span class=\"end\">no value for an hour");
    }

    [Fact]
    public async Task A_metric_that_is_not_there_is_not_found() => (await _browser.OpenAsync("/charts?name=nothing")).ShouldBe(HttpStatusCode.NotFound);

    [Fact]
    public async Task A_name_is_text_and_no_markup()
    {
        await _desk.PostAsJsonAsync("/api/v1/metrics", new[] { new { name = "<script>", @namespace = "\"><b>", value = 1 } });
        await _app.SettleAsync();

        await _browser.OpenAsync("/charts?name=%3Cscript%3E&namespace=%22%3E%3Cb%3E");

        _browser.Html.ShouldContain("&lt;script&gt;");
        _browser.Html.ShouldNotContain("<script>");
        _browser.Html.ShouldNotContain("\"><b>");
    }

    [Fact]
    public void A_gap_in_the_values_is_a_gap_in_the_line()
    {
        var from = new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);
        var window = MetricWindow.Of(from, from.AddMinutes(10), TimeSpan.FromMinutes(1));
        int[] minutes = [0, 1, 2, 5, 8, 9];
        var view = ChartView.Of(new MetricKey("", "a"), window, [.. minutes.Select(minute => new MetricStep(from.AddMinutes(minute), Sketch.Of(minute)))], [Aggregate.Average]);

        view.Lines[0].Path.Count(c => c == 'M').ShouldBe(2);
        view.Lines[0].Path.Count(c => c == 'L').ShouldBe(3);
        view.Lines[0].Dots.Count.ShouldBe(1);
        view.Left.ShouldBe(["0", "2", "4", "6", "8", "10"]);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-5)]
    [InlineData(1e150)]
    [InlineData(-1e150)]
    [InlineData(1e-300)]
    [InlineData(12345678)]
    public void Any_value_can_be_drawn(double value)
    {
        var from = new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);
        var view = ChartView.Of(new MetricKey("", "a"), MetricWindow.Of(from, from.AddMinutes(10), null), [new MetricStep(from, Sketch.Of(value))], [Aggregate.Average]);

        var (_, y) = view.Lines[0].Dots.ShouldHaveSingleItem();
        y.ShouldBeInRange(0, ChartView.Height);
        view.Left.Count.ShouldBeInRange(2, 12);
    }

    async Task SendAsync(params double[] values)
    {
        (await _desk.PostAsJsonAsync("/api/v1/metrics", values.Select(value => new { name = "time_taken", @namespace = "Recommendation", value }))).EnsureSuccessStatusCode();
        await _app.SettleAsync();
    }
}
