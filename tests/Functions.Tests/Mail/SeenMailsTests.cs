using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Clients;
using Watchdesk.Mail;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Mail;

public sealed class SeenMailsTests : IAsyncLifetime
{
    TestApp _app = null!;

    SeenMails Seen => _app.Services.GetRequiredService<SeenMails>();

    public async Task InitializeAsync() => _app = await TestApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task What_is_known_of_a_mail_that_never_became_a_row_goes_when_its_month_is_over()
    {
        var (lost, now) = (MailOf("lost@example.org"), _app.Clock.GetUtcNow());
        await Seen.FirstAsync("main", lost, default);
        await _app.AdvanceAsync(new DateTimeOffset(2027, 3, 1, 23, 59, 0, TimeSpan.Zero) - now);
        (await Seen.FindAsync("main", "lost@example.org", default)).ShouldBe(lost.Id);
        await Seen.FirstAsync("main", MailOf("late@example.org"), default);

        await _app.AdvanceAsync(TimeSpan.FromMinutes(2));

        (await Seen.FindAsync("main", "lost@example.org", default)).ShouldBeNull();
        (await Seen.FindAsync("main", "late@example.org", default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Of_copies_in_one_message_the_oldest_is_kept_whatever_their_order()
    {
        MonitoringMail[] mails = [.. Enumerable.Range(0, 20).Select(n => MailOf("same@example.org", TimeSpan.FromSeconds(20 - n)))];

        (await Seen.ClaimAsync("main", mails, default)).ShouldHaveSingleItem().Id.ShouldBe(mails[^1].Id);
    }

    MonitoringMail MailOf(string messageId, TimeSpan after = default) =>
        new(Keys.NewId(_app.Clock.GetUtcNow() + after), new MailContent("a@example.org", [], "Copy", "", null, messageId, [], [], false));
}
