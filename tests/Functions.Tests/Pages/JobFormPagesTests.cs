using System.Net;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Pages;

/// <summary>A job is made, changed, tried and deleted by clicks alone.</summary>
public sealed class JobFormPagesTests : IAsyncLifetime
{
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
    public async Task A_job_is_made_with_the_form_and_its_page_shows_the_lines_to_copy()
    {
        (await _browser.OpenAsync("/jobs/new")).ShouldBe(HttpStatusCode.OK);

        (await _browser.SubmitAsync("/jobs", Form(("name", "Nightly <backup>"), ("kind", "cron"), ("cron", "30 2 * * *"), ("timeZone", "Europe/Berlin"), ("grace", "1 h 30 min"), ("tooLong", "2 h"), ("tags", "backup, big one"), ("maintenance", "Sun 02:00-04:00 Europe/Berlin")))).ShouldBe(HttpStatusCode.SeeOther);
        _browser.Location.ShouldEndWith("?done=created");
        await _browser.OpenAsync(_browser.Location!);

        _browser.Html.ShouldContain("Nightly &lt;backup&gt;");
        _browser.Html.ShouldContain("cron 30 2 * * * (Europe/Berlin), grace 1 h 30 min");
        _browser.Html.ShouldContain("waiting for its first ping");
        _browser.Html.ShouldContain("30 2 * * *  backup.sh; curl -fsS");
        _browser.Html.ShouldContain("watchdesk run --url");
        _browser.Html.ShouldContain("Invoke-RestMethod");
        _browser.Html.ShouldContain("Sun 02:00-04:00 (Europe/Berlin)");
        _browser.Html.ShouldContain("backup, big one");
    }

    [Theory]
    [InlineData("name", "", "name is missing")]
    [InlineData("slug", "No Slug", "slug must be")]
    [InlineData("period", "often", "is not a duration. Write for example")]
    [InlineData("grace", "400 d", "is not between")]
    [InlineData("alertAfter", "0", "alertAfter must be")]
    [InlineData("parents", "nobody", "parents: there is no job nobody.")]
    [InlineData("maintenance", "Sun night", "is not a day with a time")]
    public async Task What_is_wrong_stands_beside_its_field_and_the_form_comes_back_filled(string field, string value, string message)
    {
        await _browser.OpenAsync("/jobs/new");

        (await _browser.SubmitAsync("/jobs", Form(("name", "Backup"), ("period", "1 d"), ("tags", "kept"), (field, value)))).ShouldBe(HttpStatusCode.BadRequest);

        var after = _browser.Html[_browser.Html.IndexOf($"id=\"{field}\"", StringComparison.Ordinal)..];
        after.IndexOf($"id=\"{field}-error\"", StringComparison.Ordinal).ShouldBeInRange(1, 900);
        _browser.Html.ShouldContain($"href=\"#{field}\"");
        WebUtility.HtmlDecode(_browser.Html).ShouldContain(message);
        _browser.Html.ShouldContain("value=\"kept\"");
    }

    [Fact]
    public async Task A_slug_that_is_taken_is_said_at_its_field()
    {
        await _app.JobAsync("Backup");
        await _browser.OpenAsync("/jobs/new");

        (await _browser.SubmitAsync("/jobs", Form(("name", "Backup"), ("period", "1 d")))).ShouldBe(HttpStatusCode.BadRequest);

        _browser.Html.ShouldContain("id=\"slug-error\"");
    }

    [Fact]
    public async Task A_job_is_changed_by_the_same_form_and_keeps_what_was_not_touched()
    {
        var (id, _) = await _app.JobAsync("Backup");
        await _browser.OpenAsync($"/jobs/{id}/edit");
        _browser.Html.ShouldContain("value=\"5 min\"");

        (await _browser.SubmitAsync($"/jobs/{id}/edit", Form(("name", "Backup"), ("slug", "backup"), ("kind", "count"), ("count", "3"), ("variance", "1"), ("per", "day")))).ShouldBe(HttpStatusCode.SeeOther);
        await _browser.OpenAsync("/jobs/backup");

        WebUtility.HtmlDecode(_browser.Html).ShouldContain("3±1 in any 24 h");
    }

    [Fact]
    [Trait("Demand", "S4-27")]
    public async Task A_change_of_the_schedule_can_be_tried_before_it_is_stored()
    {
        var (id, ping) = await _app.JobAsync("Nightly backup");
        await _app.PingAsync(ping);
        await _app.AdvanceAsync(TimeSpan.FromHours(30));
        await _app.PingAsync(ping);
        await _browser.OpenAsync($"/jobs/{id}/edit");

        (await TryAsync(id, ("kind", "count"), ("count", "1"), ("per", "day"))).ShouldBe(HttpStatusCode.OK);
        _browser.Html.ShouldContain("1 incident instead of 1: 0 new, 0 no more.");
        (await TryAsync(id, ("period", "2 d"))).ShouldBe(HttpStatusCode.OK);
        _browser.Html.ShouldContain("0 incidents instead of 1: 0 new, 1 no more.");
        _browser.Html.ShouldContain("value=\"2 d\"");
        (await TryAsync(id, ("kind", "count"), ("count", "1"), ("per", "week"))).ShouldBe(HttpStatusCode.BadRequest);
        _browser.Html.ShouldContain("is not hour, day or month");
        await _browser.OpenAsync("/jobs/" + id);
        _browser.Html.ShouldContain("every 5 min");
    }

    [Fact]
    public async Task A_job_is_deleted_after_a_question()
    {
        var (id, ping) = await _app.JobAsync("Backup");
        await _browser.OpenAsync($"/jobs/{id}/delete");
        _browser.Html.ShouldContain("This cannot be undone.");

        (await _browser.SubmitAsync($"/jobs/{id}/delete")).ShouldBe(HttpStatusCode.SeeOther);

        (await _browser.OpenAsync("/jobs/" + id)).ShouldBe(HttpStatusCode.NotFound);
        using var anyone = _app.Anonymous();
        (await anyone.GetAsync(ping)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_job_is_paused_for_some_hours()
    {
        var (id, _) = await _app.JobAsync("Backup");
        await _browser.OpenAsync("/jobs/" + id);

        (await _browser.SubmitAsync($"/jobs/{id}/pause", ("hours", "4"))).ShouldBe(HttpStatusCode.SeeOther);
        await _browser.OpenAsync("/jobs/" + id);
        _browser.Html.ShouldContain("paused until");
        await _app.AdvanceAsync(TimeSpan.FromHours(5));
        await _browser.OpenAsync("/jobs/" + id);
        _browser.Html.ShouldNotContain("paused until");
    }

    [Fact]
    public async Task What_is_late_says_by_how_much()
    {
        var (_, ping) = await _app.JobAsync("Backup");
        await _app.PingAsync(ping);
        await _app.AdvanceAsync(TimeSpan.FromMinutes(8));

        await _browser.OpenAsync("/jobs");

        _browser.Html.ShouldContain("overdue by 3 min");
    }

    Task<HttpStatusCode> TryAsync(string id, params (string Name, string Value)[] fields) => _browser.PostAsync(
        $"/jobs/{id}/try", [("token", Browser.TokenOf(_browser.Html)), .. Form([("name", "Nightly backup"), ("slug", "nightly-backup"), .. fields])]);

    /// <summary>As a browser sends it: a field that stands twice has its last value.</summary>
    static (string, string)[] Form(params (string Name, string Value)[] fields) => [.. fields.GroupBy(field => field.Name).Select(group => group.Last())];
}
