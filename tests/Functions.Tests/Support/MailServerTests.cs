using System.Net.Mail;

namespace Watchdesk.Tests.Support;

public sealed class MailServerTests
{
    [Fact]
    [Trait("Size", "Large")]
    public async Task A_mail_that_was_sent_can_be_read()
    {
        await using var server = await MailServer.StartAsync();
        using var client = new SmtpClient("127.0.0.1", server.Port);
        using var mail = new MailMessage("desk@example.org", "team@example.org", "Nightly is silent", "No success for 25 min");

        await client.SendMailAsync(mail);

        server.Mails.ShouldHaveSingleItem().ShouldContain("To: team@example.org");
        server.Texts[0].Trim().ShouldBe("Subject: Nightly is silent\nNo success for 25 min");
    }
}
