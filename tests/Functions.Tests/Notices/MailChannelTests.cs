using System.Text;
using System.Text.Json;
using Watchdesk.Hosting;
using Watchdesk.Notices;
using Watchdesk.Notices.Mail;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Notices;

public sealed class MailChannelTests
{
    readonly MailChannel channel = new(isEmbedded: true);

    [Fact]
    [Trait("Size", "Large")]
    public async Task A_real_server_gets_a_mail_that_a_person_can_read_at_night()
    {
        await using var server = await MailServer.StartAsync();
        var settings = Settings(server.Port, to: """["ops@example.org","Ann <ann@example.org>"]""");

        var result = await channel.SendAsync(settings, Notes.Message(), default);

        result.ShouldBe(SendResult.Sent("127.0.0.1 took it for 2 addresses."));
        var mail = server.Mails.ShouldHaveSingleItem();
        Header(mail, "Subject").ShouldBe("ATTENTION nightly-backup: no success for 25 min, expected by 21:40");
        Header(mail, "From").ShouldBe("\"Watchdesk\" <desk@example.org>");
        Header(mail, "Message-ID").ShouldBe("<0193f0c0000070008000000000000001.1.c1@example.org>");
        Header(mail, "References").ShouldBe("<0193f0c0000070008000000000000001.c1@example.org>");
        Header(mail, "Auto-Submitted").ShouldBe("auto-generated");
        mail.ShouldContain("multipart/alternative");
        Part(mail, "text/plain").ShouldBe(
            """
            ATTENTION nightly-backup

            No success for 25 min; expected by 21:40.

            Since: 2026-11-20 21:40 UTC (25 min ago)
            Last good: 2026-11-19 22:05 UTC (1 d ago)
            Host: db-7
            What to do: Look at the log of the last run; restart it when the disk has room.
            Told: Ops (mail), On call (teams)

            https://desk.example.org/incidents/0193f0c0000070008000000000000001
            """);
        Part(mail, "text/html").ShouldContain("<a href=\"https://desk.example.org/incidents/0193f0c0000070008000000000000001\">");
    }

    [Fact]
    [Trait("Size", "Large")]
    public async Task Hostile_text_makes_no_header_and_no_markup()
    {
        await using var server = await MailServer.StartAsync();
        var notice = Notes.Notice(name: "job\r\nBcc: evil@example.org", reason: "<script>alert(1)</script> größer\r\n.\r\nMAIL FROM:<x@example.org>", lines: ["<img src=x>"]);

        (await channel.SendAsync(Settings(server.Port), Notes.Message(notice), default)).IsSent.ShouldBeTrue();

        var mail = server.Mails.ShouldHaveSingleItem();
        Header(mail, "Bcc").ShouldBeNull();
        Part(mail, "text/html").ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt; gr&#246;&#223;er");
        Part(mail, "text/html").ShouldNotContain("<img");
        Part(mail, "text/plain").ShouldContain("größer");
    }

    [Fact]
    [Trait("Size", "Large")]
    public async Task A_certificate_that_nobody_knows_is_refused()
    {
        await using var server = await TlsMailServer.StartAsync();

        var result = await channel.SendAsync(Settings(server.Port, startTls: true), Notes.Message(), default);

        result.IsSent.ShouldBeFalse();
        result.IsWorthRetrying.ShouldBeTrue();
        result.Reason.ShouldContain("TLS");
    }

    [Theory]
    [InlineData("RCPT", "550 5.1.1 no such user",    "broken")]
    [InlineData("RCPT", "451 4.7.1 greylisted",      "later")]
    [InlineData("MAIL", "550 5.7.1 not you",         "broken")]
    [InlineData("MAIL", "421 4.3.2 shutting down",   "later")]
    [InlineData(".",    "554 5.7.1 looks like spam", "broken")]
    [InlineData(".",    "452 4.3.1 disk full",       "later")]
    public async Task What_a_refusal_means(string command, string reply, string expected)
    {
        using var server = new ScriptedSmtp(line => line.StartsWith(command, StringComparison.Ordinal) ? reply : null);

        var result = await channel.SendAsync(Settings(server.Port), Notes.Message(), default);

        WebhookChannelTests.Outcome(result).ShouldBe(expected);
        result.Reason.ShouldStartWith("127.0.0.1 ");
    }

    [Fact]
    public async Task Nobody_listening_is_worth_another_try()
    {
        var result = await channel.SendAsync(Settings(ChildProcess.FreePort()), Notes.Message(), default);

        WebhookChannelTests.Outcome(result).ShouldBe("later");
    }

    [Theory]
    [InlineData("""{"host":"mx","from":"a@example.org","to":[]}""",                                                     "list of 1 to 50")]
    [InlineData("""{"host":"mx","from":"a@example.org","to":["b@example.org\r\nBcc: c@example.org"]}""",                "is not one mail address")]
    [InlineData("""{"host":"mx","from":"a@example.org, b@example.org","to":["b@example.org"]}""",                       "is not one mail address")]
    [InlineData("""{"host":"mx","from":"a@example.org","to":["b@example.org"],"port":465}""",                           "465 cannot be used")]
    [InlineData("""{"host":"mx\r\n","from":"a@example.org","to":["b@example.org"]}""",                                  "Host is the name")]
    [InlineData("""{"host":"mx","from":"a@example.org","to":["b@example.org"],"startTls":false,"user":"u"}""",          "only sent over TLS")]
    public void Wrong_settings_are_refused(string settings, string reason) =>
        Should.Throw<InvalidRequestException>(() => channel.Accept(Json(settings), null)).Message.ShouldContain(reason);

    [Fact]
    public void In_Azure_a_private_server_is_refused() =>
        Should.Throw<InvalidRequestException>(() => new MailChannel(isEmbedded: false).Accept(Json("""{"host":"10.0.0.4","from":"a@example.org","to":["b@example.org"]}"""), null));

    [Fact]
    public void The_password_is_never_shown_and_stays_only_with_its_server()
    {
        var stored = channel.Accept(Json("""{"host":"mx","user":"u","password":"hush","from":"a@example.org","to":["b@example.org"]}"""), null);
        var shown = channel.Show(stored).GetRawText();

        shown.ShouldNotContain("hush");
        channel.Accept(Json(shown), stored).ShouldBe(stored);
        Should.Throw<InvalidRequestException>(() => channel.Accept(Json(shown.Replace("\"mx\"", "\"evil\"")), stored));
    }

    static string Settings(int port, bool startTls = false, string to = """["ops@example.org"]""") =>
        new MailChannel(isEmbedded: true).Accept(Json($$"""{"host":"127.0.0.1","port":{{port}},"startTls":{{(startTls ? "true" : "false")}},"from":"Watchdesk <desk@example.org>","to":{{to}}}"""), null);

    static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    static string? Header(string mail, string name)
    {
        var head = mail.ReplaceLineEndings("\n").Split("\n\n")[0].Replace("\n ", " ").Replace("\n\t", " ");
        return head.Split('\n').FirstOrDefault(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))?[(name.Length + 2)..];
    }

    /// <summary>A decoded part of the mail.</summary>
    static string Part(string mail, string type)
    {
        var text = mail.ReplaceLineEndings("\n");
        var start = text.LastIndexOf($"Content-Type: {type}", StringComparison.OrdinalIgnoreCase);
        var headEnd = text.IndexOf("\n\n", start, StringComparison.Ordinal);
        var partStart = text.LastIndexOf("\n--", start, StringComparison.Ordinal);
        var body = text[(headEnd + 2)..text.IndexOf("\n--", headEnd, StringComparison.Ordinal)];
        return text[partStart..headEnd].Contains("base64", StringComparison.OrdinalIgnoreCase)
            ? Encoding.UTF8.GetString(Convert.FromBase64String(body.Replace("\n", ""))).ReplaceLineEndings("\n").Trim()
            : Quoted(body).Trim();
    }

    static string Quoted(string body)
    {
        var bytes = new List<byte>();
        var text = body.Replace("=\n", "");
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '=')
            {
                bytes.Add(Convert.ToByte(text.Substring(i + 1, 2), 16));
                i += 2;
            }
            else
            {
                bytes.Add((byte)text[i]);
            }
        }

        return Encoding.UTF8.GetString([.. bytes]).ReplaceLineEndings("\n");
    }
}
