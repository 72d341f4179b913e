using System.Net;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Pages;

public sealed class IncidentPagesTests : IAsyncLifetime
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
    public async Task An_incident_is_acknowledged_commented_and_resolved_on_its_page()
    {
        var (_, ping) = await _app.JobAsync("Backup");
        await _app.PingAsync(ping);
        await _app.AdvanceAsync(TimeSpan.FromMinutes(30));
        await _browser.OpenAsync("/incidents");
        var from = _browser.Html.IndexOf("/incidents/0", StringComparison.Ordinal);
        var path = _browser.Html[from..(from + 43)];

        await _browser.OpenAsync(path);
        (await _browser.SubmitAsync(path + "/acknowledge")).ShouldBe(HttpStatusCode.SeeOther);
        await _browser.OpenAsync(path);
        _browser.Html.ShouldContain("eve@example.org has it");

        (await _browser.SubmitAsync(path + "/comment", ("text", "The disk\nis <full>."))).ShouldBe(HttpStatusCode.SeeOther);
        await _browser.OpenAsync(path);
        _browser.Html.ShouldContain("The disk&#xA;is &lt;full&gt;.");

        (await _browser.SubmitAsync(path + "/resolve", ("reason", "Space was made."))).ShouldBe(HttpStatusCode.SeeOther);
        await _browser.OpenAsync(path);
        _browser.Html.ShouldContain("RESOLVED");
        (await _browser.PostAsync(path + "/acknowledge", ("token", Browser.TokenOf(_browser.Html)))).ShouldBe(HttpStatusCode.SeeOther);
        _browser.Location.ShouldEndWith("?done=closed");
        await _browser.OpenAsync("/incidents?state=resolved");
        _browser.Html.ShouldContain("Space was made.");
    }
}
