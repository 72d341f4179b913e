using System.Net;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Pages;

[Trait("Demand", "S0-1")]
public sealed class JobPagesTests : IAsyncLifetime
{
    TestApp _app = null!;
    HttpClient _api = null!;
    Browser _browser = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        _api = await _app.SignedInAsync();
        _browser = await Browser.SignedInAsync(_app);
    }

    public async Task DisposeAsync()
    {
        _browser.Dispose();
        _api.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task An_empty_desk_says_what_to_do_next()
    {
        (await _browser.OpenAsync("/")).ShouldBe(HttpStatusCode.OK);

        _browser.Html.ShouldContain("No jobs yet");
        _browser.Html.ShouldContain("Make a key");
        _browser.Html.ShouldContain("/ping/PING-KEY/backup?create=1");
        _browser.Html.ShouldContain("scheduler.AddWatchdesk(client);");
    }

    [Fact]
    public async Task The_first_page_without_a_session_touches_no_storage()
    {
        using var visitor = new Browser(_app);
        _app.Tables.ResetCounts();

        (await visitor.OpenAsync("/")).ShouldBe(HttpStatusCode.Redirect);

        visitor.Location.ShouldBe("/sign-in");
        _app.Tables.Counts.ShouldBe(new TableCounts(0, 0, 0, 0));
    }

    [Fact]
    public async Task A_silent_job_is_on_the_first_page_with_its_reason_and_incident()
    {
        var (id, ping) = await _app.JobAsync("Nightly <backup>");
        await _app.PingAsync(ping);
        await _app.JobAsync("Other");
        await _app.AdvanceAsync(TimeSpan.FromMinutes(2));
        await _browser.OpenAsync("/");
        _browser.Html.ShouldContain("All 2 jobs are fine");
        _browser.Html.ShouldContain("Nightly &lt;backup&gt;");

        await _app.AdvanceAsync(TimeSpan.FromMinutes(30));
        await _browser.OpenAsync("/");

        _browser.Html.ShouldContain("1 job needs attention");
        _browser.Html.ShouldContain("ATTENTION");
        _browser.Html.ShouldContain("CRITICAL");
        _browser.Html.ShouldContain($"href=\"/jobs/{id}\"");
        _browser.Html.ShouldContain("nobody");
    }

    [Fact]
    [Trait("Demand", "S0-4")]
    public async Task The_page_of_a_job_shows_its_runs_and_figures()
    {
        var (id, ping) = await _app.JobAsync("Backup");
        for (var i = 0; i < 3; i++)
        {
            await _app.PingAsync(ping, "/start");
            _app.Clock.Advance(TimeSpan.FromSeconds(90));
            await _app.PingAsync(ping, i == 1 ? "/3" : "");
            _app.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        await _browser.OpenAsync("/jobs/" + id);

        _browser.Html.ShouldContain("1 min 30 s");
        _browser.Html.ShouldContain("SUCCESS");
        _browser.Html.ShouldContain("FAILED");
        _browser.Html.ShouldContain("<svg class=\"runs\"");
        _browser.Html.ShouldContain("every 5 min, grace 1 min");
        _browser.Html.ShouldContain("Who would be told, and why?");
    }

    [Fact]
    public async Task A_job_is_paused_and_resumed_with_a_button()
    {
        var (id, ping) = await _app.JobAsync("Backup");
        await _app.PingAsync(ping);
        await _browser.OpenAsync("/jobs/" + id);

        (await _browser.SubmitAsync($"/jobs/{id}/pause")).ShouldBe(HttpStatusCode.SeeOther);
        await _browser.OpenAsync(_browser.Location!);
        _browser.Html.ShouldContain("PAUSED");
        _browser.Html.ShouldContain("The job is paused");

        (await _browser.SubmitAsync($"/jobs/{id}/resume")).ShouldBe(HttpStatusCode.SeeOther);
        await _browser.OpenAsync("/jobs/" + id);
        _browser.Html.ShouldNotContain("PAUSED");
    }

    [Fact]
    public async Task The_list_can_be_narrowed_to_a_status()
    {
        var (_, ping) = await _app.JobAsync("Well");
        await _app.PingAsync(ping);
        await _app.JobAsync("Unheard");

        await _browser.OpenAsync("/jobs?status=new");
        _browser.Html.ShouldContain("Unheard");
        _browser.Html.ShouldNotContain(">Well<");
        await _browser.OpenAsync("/jobs?status=attention");
        _browser.Html.ShouldContain("No job here is ATTENTION");
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "/runs")]
    [InlineData("POST", "/pause")]
    [InlineData("DELETE", "")]
    public async Task A_job_that_is_not_there_is_a_problem_with_a_request_id(string method, string end)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1/jobs/nothing" + end);
        var answer = await _api.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("\"requestId\":");
    }

    [Theory]
    [InlineData("/jobs/nothing")]
    [InlineData("/incidents/nothing")]
    [InlineData("/incidents/0199aaaabbbb7cccdddd111122223333")]
    [InlineData("/deadletters/nothing")]
    public async Task What_is_not_there_has_a_page_of_its_own(string path)
    {
        (await _browser.OpenAsync(path)).ShouldBe(HttpStatusCode.NotFound);
        _browser.Html.ShouldContain("There is nothing at this address");
    }
}
