using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Clients;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Pages;

public sealed class DeskPagesTests : IAsyncLifetime
{
    TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task A_dead_letter_is_shown_as_text_and_replayed_with_a_button()
    {
        await SetAsideAsync("<script>alert(1)</script>", reason: "It has <b>no</b> job.");
        using var browser = await Browser.SignedInAsync(_app);

        await browser.OpenAsync("/deadletters");
        browser.Html.ShouldContain("It has &lt;b&gt;no&lt;/b&gt; job.");
        var id = (await LettersAsync()).Single().Id;
        await browser.OpenAsync("/deadletters/" + id);
        browser.Html.ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt;");

        (await browser.SubmitAsync($"/deadletters/{id}/replay")).ShouldBe(HttpStatusCode.SeeOther);
        Encoding.UTF8.GetString(_app.Queues.Waiting("inbox").Single().Body).ShouldBe("<script>alert(1)</script>");
        await browser.OpenAsync(browser.Location!);
        browser.Html.ShouldContain("on its way again");
        browser.Html.ShouldContain("Nothing was set aside");
    }

    [Fact]
    public async Task A_dead_letter_is_deleted_with_a_button()
    {
        await SetAsideAsync("x");
        var id = (await LettersAsync()).Single().Id;
        using var browser = await Browser.SignedInAsync(_app, Role.Operator);
        await browser.OpenAsync("/deadletters/" + id);

        (await browser.SubmitAsync($"/deadletters/{id}/delete")).ShouldBe(HttpStatusCode.SeeOther);

        (await LettersAsync()).ShouldBeEmpty();
        (await browser.OpenAsync("/deadletters/" + id)).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_reader_sees_no_button_and_could_not_press_it()
    {
        await SetAsideAsync("x");
        var id = (await LettersAsync()).Single().Id;
        using var browser = await Browser.SignedInAsync(_app, Role.Reader);

        await browser.OpenAsync("/deadletters/" + id);
        browser.Html.ShouldNotContain("/replay");
        (await browser.PostAsync($"/deadletters/{id}/replay")).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_button_without_the_token_does_nothing()
    {
        await SetAsideAsync("x");
        var id = (await LettersAsync()).Single().Id;
        using var browser = await Browser.SignedInAsync(_app);

        (await browser.PostAsync($"/deadletters/{id}/replay")).ShouldBe(HttpStatusCode.BadRequest);

        (await LettersAsync()).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_key_is_made_shown_once_and_revoked()
    {
        using var browser = await Browser.SignedInAsync(_app);
        await browser.OpenAsync("/settings");
        browser.Html.ShouldContain("No key yet");

        (await browser.SubmitAsync("/settings/keys", ("name", "night & day"), ("use", "send"))).ShouldBe(HttpStatusCode.OK);
        var text = browser.Html[browser.Html.IndexOf("wd_", StringComparison.Ordinal)..][..48];
        (await _app.Services.GetRequiredService<ApiKeys>().VerifyAsync(text, default))!.Scopes.ShouldBe(Scopes.Ping | Scopes.Create);

        await browser.OpenAsync("/settings");
        browser.Html.ShouldContain("night &amp; day");
        browser.Html.ShouldNotContain(text[16..]);
        (await browser.SubmitAsync($"/settings/keys/{text[3..15]}/revoke")).ShouldBe(HttpStatusCode.SeeOther);
        (await _app.Services.GetRequiredService<ApiKeys>().VerifyAsync(text, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_key_without_a_name_is_refused_on_the_page()
    {
        using var browser = await Browser.SignedInAsync(_app);
        await browser.OpenAsync("/settings");

        (await browser.SubmitAsync("/settings/keys", ("name", " "), ("use", "send"))).ShouldBe(HttpStatusCode.BadRequest);

        browser.Html.ShouldContain("name must be 1 to 100 characters");
    }

    [Fact]
    public async Task A_page_that_has_not_changed_is_not_sent_again()
    {
        using var browser = await Browser.SignedInAsync(_app);
        await browser.OpenAsync("/deadletters");
        var tag = browser.Answer.Headers.ETag!.Tag;

        (await browser.OpenAsync("/deadletters", tag)).ShouldBe(HttpStatusCode.NotModified);
        browser.Html.ShouldBeEmpty();

        await SetAsideAsync("x");
        (await browser.OpenAsync("/deadletters", tag)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_file_with_its_hash_may_be_kept_for_ever_and_a_page_may_not()
    {
        using var browser = await Browser.SignedInAsync(_app);
        await browser.OpenAsync("/deadletters");
        browser.Answer.Headers.CacheControl!.ToString().ShouldBe("no-cache, private");
        var from = browser.Html.IndexOf("/assets/desk.css?v=", StringComparison.Ordinal);
        var address = browser.Html[from..browser.Html.IndexOf('"', from)];

        (await browser.OpenAsync(address)).ShouldBe(HttpStatusCode.OK);
        browser.Answer.Headers.CacheControl!.ToString().ShouldContain("immutable");
        browser.Answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/css");
        (await browser.OpenAsync("/assets/desk.css")).ShouldBe(HttpStatusCode.OK);
        browser.Answer.Headers.CacheControl!.ToString().ShouldBe("no-cache");
        (await browser.OpenAsync("/assets/../Program.cs")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_poller_stays_small()
    {
        using var browser = await Browser.SignedInAsync(_app);
        await browser.OpenAsync("/assets/poll.js");

        browser.Html.Length.ShouldBeLessThanOrEqualTo(2048);
    }

    Task SetAsideAsync(string body, string reason = "The job is not known.") => _app.Services.GetRequiredService<DeadLetters>().AddAsync(
        new DeadLetter(Tenant.Main, "inbox", "runs", reason, "r1", Encoding.UTF8.GetBytes(body), _app.Clock.GetUtcNow(), 50), default);

    async Task<IReadOnlyList<DeadLetterEntry>> LettersAsync() =>
        (await _app.Services.GetRequiredService<DeadLetters>().ListAsync(Tenant.Main, 10, null, default)).Letters;
}
