using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Heartbeats;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Heartbeats;

/// <summary>What a failed run has said, up to where people read it.</summary>
public sealed class JobOutputTests : IAsyncLifetime
{
    TestApp _app = null!;
    HttpClient _desk = null!;
    HttpClient _job = null!;
    string _id = "";
    string _path = "";

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        _desk = await _app.SignedInAsync();
        _job = _app.Anonymous();
        var answer = await _desk.PostAsJsonAsync("/api/v1/jobs", new { name = "Nightly backup", schedule = new { period = "01:00:00", grace = "00:10:00" } });
        var job = await answer.Content.ReadFromJsonAsync<JsonElement>();
        _id = job.GetProperty("id").GetString()!;
        _path = "/ping/" + job.GetProperty("pingUrl").GetString()!.Split("/ping/")[1];
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task What_a_failed_run_says_is_on_its_page_in_the_api_and_in_the_incident()
    {
        (await _desk.GetStringAsync($"/jobs/{_id}")).ShouldNotContain("What the last failed run said");
        var none = await _desk.GetAsync($"/api/v1/jobs/{_id}/output");
        (none.StatusCode, (await none.Content.ReadAsStringAsync()).Contains("body of /fail", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.NotFound, true));

        await PingAsync("/7", "exporting <b>orders</b>\r\nORA-12541: TNS:no\tlistener\r\n\r\n");

        var output = await OutputAsync();
        output.GetProperty("text").GetString().ShouldBe("exporting <b>orders</b>\nORA-12541: TNS:no\tlistener");
        (output.GetProperty("exitStatus").GetInt32(), output.GetProperty("at").GetDateTimeOffset()).ShouldBe((7, _app.Clock.GetUtcNow()));
        (await ReasonAsync()).ShouldBe("Last run failed with exit status 7 at 08:00:00 UTC: ORA-12541: TNS:no listener");
        var page = await _desk.GetStringAsync($"/jobs/{_id}");
        page.ShouldContain("exporting &lt;b&gt;orders&lt;/b&gt;");
        page.ShouldNotContain("<b>orders");
        page.ShouldContain("<details class=\"body\" open>");
    }

    [Fact]
    public async Task A_success_leaves_it_and_a_failure_without_a_text_does_not_borrow_it()
    {
        await PingAsync("/fail", "disk full");
        _app.Clock.Advance(TimeSpan.FromMinutes(1));
        await PingAsync("", "all is well");
        (await OutputAsync()).GetProperty("text").GetString().ShouldBe("disk full");
        (await _desk.GetStringAsync($"/jobs/{_id}")).ShouldContain("<details class=\"body\"><summary>Failed");

        _app.Clock.Advance(TimeSpan.FromMinutes(1));
        await PingAsync("/9", "");
        (await ReasonAsync()).ShouldBe("Last run failed with exit status 9 at 08:02:00 UTC.");
    }

    [Fact]
    public async Task An_older_failure_that_comes_later_does_not_replace_it()
    {
        _app.Clock.Advance(TimeSpan.FromMinutes(10));
        await PingAsync("/fail", "the newer");
        var late = await _desk.PostAsJsonAsync("/api/v1/heartbeats", new[] { new { job = _id, kind = "fail", at = _app.Clock.GetUtcNow().AddMinutes(-2), exitStatus = 3, host = "db01", message = "the older" } });
        late.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await _app.SettleAsync();

        (await OutputAsync()).GetProperty("text").GetString().ShouldBe("the newer");
    }

    [Theory]
    [InlineData(11_000)]
    [InlineData(60_000)]
    public async Task Of_a_long_text_the_end_is_kept(int length)
    {
        await PingAsync("/fail", new string('x', length) + "\nthe end");

        var text = (await OutputAsync()).GetProperty("text").GetString()!;
        (text.Length, text.EndsWith("x\nthe end", StringComparison.Ordinal)).ShouldBe((10_000, true));
    }

    [Fact]
    public async Task It_goes_with_its_job()
    {
        await PingAsync("/fail", "disk full");
        _app.Blobs.Names.ShouldContain($"outputs/main/{_id}");

        (await _desk.DeleteAsync($"/api/v1/jobs/{_id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        _app.Blobs.Names.ShouldNotContain($"outputs/main/{_id}");
    }

    [Fact]
    public async Task When_it_cannot_be_kept_the_run_counts_and_people_are_told()
    {
        _app.Blobs.Before = (_, path) => _ = path.StartsWith("outputs/", StringComparison.Ordinal) ? throw new HttpRequestException("away") : "";

        await PingAsync("/7", "disk full");

        (await ReasonAsync()).ShouldBe("Last run failed with exit status 7 at 08:00:00 UTC.");
        (await _desk.GetAsync($"/jobs/{_id}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Another_tenant_does_not_see_it()
    {
        await PingAsync("/fail", "disk full");
        var theirs = await _app.Services.GetRequiredService<ApiKeys>().CreateAsync("other", "theirs", Role.Admin, Scopes.All, "test", _app.Clock.GetUtcNow(), default);

        (await _app.WithKey(theirs.Text).GetAsync($"/api/v1/jobs/{_id}/output")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("a\u0000b\u001b[31mc\u009bd\u007f", "ab[31mcd", "ab[31mcd")]
    [InlineData("first\r\n\tsecond\rthird\n \t\n", "first\n\tsecond\nthird", "third")]
    [InlineData("\u0001\n\r\n", "", "")]
    public void Control_characters_are_dropped(string message, string text, string line)
    {
        var output = JobOutput.Of(new RunEvent("1", "2", RunEventKind.Fail, 0, 0), message);

        (output.Text, output.LastLine()).ShouldBe((text, line));
    }

    [Fact]
    public void No_character_is_cut_in_two()
    {
        var output = JobOutput.Of(new RunEvent("1", "2", RunEventKind.Fail, 0, 0), "x" + string.Concat(Enumerable.Repeat("😀", 6_000)) + "x");

        output.Text.Length.ShouldBe(9_999);
        output.Text.ShouldStartWith("😀");
        output.LastLine().ShouldBe(string.Concat(Enumerable.Repeat("😀", 99)) + "…");
    }

    async Task PingAsync(string rest, string body)
    {
        (await _job.PostAsync(_path + rest, new StringContent(body))).StatusCode.ShouldBe(HttpStatusCode.OK);
        await _app.SettleAsync();
    }

    Task<JsonElement> OutputAsync() => _desk.GetFromJsonAsync<JsonElement>($"/api/v1/jobs/{_id}/output");

    async Task<string> ReasonAsync() =>
        (await _desk.GetFromJsonAsync<JsonElement>("/api/v1/incidents?status=open")).GetProperty("items")[0].GetProperty("reason").GetString()!;
}
