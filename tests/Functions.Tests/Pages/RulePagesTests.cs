using System.Net;
using System.Net.Http.Json;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Pages;

public sealed class RulePagesTests : IAsyncLifetime
{
    static readonly (string, string)[] Limit =
        [("name", "Limit"), ("namespace", "shop"), ("frequency", "0d_0h_1m_0s"), ("condition", "P99 cpu 0d_0h_1m_0s > 80"), ("actions", "gmail ops@example.org\r\nwebhook https://hooks.example.org/in?key=hush-hush\r\n")];

    TestApp _app = null!;
    Browser _browser = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        _browser = await Browser.SignedInAsync(_app);
    }

    public async Task DisposeAsync()
    {
        _browser.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    [Trait("Demand", "S1-1")]
    public async Task A_rule_is_made_tried_changed_and_deleted_without_a_script()
    {
        await _browser.OpenAsync("/rules");
        _browser.Html.ShouldContain("No rule yet");
        await _browser.OpenAsync("/rules/new?name=cpu&namespace=shop");
        _browser.Html.ShouldContain("P99 cpu 0d_0h_5m_0s &gt; 200");

        (await _browser.SubmitAsync("/rules", Limit)).ShouldBe(HttpStatusCode.SeeOther);
        var page = _browser.Location!.Split('?')[0];
        await SendAsync(90);
        await _app.AdvanceAsync(TimeSpan.FromMinutes(1));

        await _browser.OpenAsync("/rules");
        _browser.Html.ShouldContain("FIRING");
        _browser.Html.ShouldContain("P99 of shop/cpu is 90 over 1 min");
        await _browser.OpenAsync(page);
        _browser.Html.ShouldContain("FIRING");
        _browser.Html.ShouldContain("gmail ops@example.org");
        _browser.Html.ShouldNotContain("hush");

        (await _browser.SubmitAsync(page, [.. Limit[..3], ("condition", "P99 cpu 0d_0h_1m_0s > 95"), ("actions", "gmail ops@example.org"), ("dimensions", "host")])).ShouldBe(HttpStatusCode.BadRequest);
        await _browser.OpenAsync(page);
        (await _browser.SubmitAsync(page, [.. Limit[..3], ("condition", "P99 cpu 0d_0h_1m_0s > 95"), ("actions", "gmail ops@example.org"), ("severity", "info"), ("dimensions", "host=\r\ncore = 1")])).ShouldBe(HttpStatusCode.SeeOther);
        await _browser.OpenAsync(page);
        _browser.Html.ShouldContain("<option value=\"info\" selected>");
        WebUtility.HtmlDecode(_browser.Html).ShouldContain("core=1\nhost=</textarea>");
        (await _browser.SubmitAsync(page, [.. Limit[..3], ("condition", "P99 cpu 0d_0h_1m_0s > 95"), ("actions", "gmail ops@example.org")])).ShouldBe(HttpStatusCode.SeeOther);
        await _app.AdvanceAsync(TimeSpan.FromSeconds(10));
        await _browser.OpenAsync(page);
        _browser.Html.ShouldContain(">OK<");

        (await _browser.SubmitAsync(page + "/delete")).ShouldBe(HttpStatusCode.SeeOther);
        (await _browser.OpenAsync(page)).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_would_have_fired_is_shown_and_nothing_is_stored()
    {
        await SendAsync(90);
        await _browser.OpenAsync("/rules/new");

        var token = TokenOf(_browser.Html);
        (await _browser.PostAsync("/rules/test", [("token", token), .. Limit])).ShouldBe(HttpStatusCode.OK);

        _browser.Html.ShouldContain("What would have fired");
        _browser.Html.ShouldContain("P99 cpu 0d_0h_1m_0s &gt; 80");
        await _browser.OpenAsync("/rules");
        _browser.Html.ShouldContain("No rule yet");
    }

    [Fact]
    public async Task A_wrong_condition_comes_back_with_a_mark_at_its_column()
    {
        await _browser.OpenAsync("/rules/new");

        (await _browser.SubmitAsync("/rules", [.. Limit[..3], ("condition", "P99 cpu 5m > 80")])).ShouldBe(HttpStatusCode.BadRequest);

        WebUtility.HtmlDecode(_browser.Html).ShouldContain("P99 cpu 5m > 80\n         ^\nrule_condition, column 10: the unit d belongs here; 5m is written 0d_0h_5m_0s.");
    }

    [Theory]
    [InlineData("condition=P99%20cpu%200d_0h_1m_0s%20%3E%2080", "")]
    [InlineData("condition=P99", "P99\n   ^\nrule_condition, column 4: a parameter")]
    [InlineData("frequency=0d_0h_1m_0s", "")]
    [InlineData("frequency=1h", "1h\n ^\nfrequency, column 2")]
    [InlineData("", "")]
    public async Task It_is_said_while_somebody_types(string query, string said)
    {
        await _browser.OpenAsync("/rules/check?" + query);

        _browser.Html.ShouldStartWith(said);
        (_browser.Html.Length == 0).ShouldBe(said.Length == 0);
    }

    [Fact]
    public async Task A_reader_sees_no_form()
    {
        using var reader = await Browser.SignedInAsync(_app, Role.Reader, "ann@example.org");
        await _browser.OpenAsync("/rules/new");
        await _browser.SubmitAsync("/rules", Limit);

        await reader.OpenAsync(_browser.Location!);

        reader.Html.ShouldContain("Limit");
        reader.Html.ShouldNotContain("name=\"condition\"");
        (await reader.OpenAsync("/rules/new")).ShouldBe(HttpStatusCode.Forbidden);
    }

    async Task SendAsync(double value)
    {
        using var desk = await _app.SignedInAsync();
        (await desk.PostAsJsonAsync("/api/v1/metrics", new[] { new { name = "cpu", @namespace = "shop", value } })).EnsureSuccessStatusCode();
        await _app.SettleAsync();
    }

    static string TokenOf(string html) => System.Text.RegularExpressions.Regex.Match(html, "name=\"token\" value=\"([^\"]*)\"").Groups[1].Value;
}
