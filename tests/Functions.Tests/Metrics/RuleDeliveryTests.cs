using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Watchdesk.Notices;
using Watchdesk.Notices.Mail;
using Watchdesk.Notices.Slack;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Metrics;

/// <summary>An alarm of a rule arrives where its actions say.</summary>
public sealed class RuleDeliveryTests
{
    [Fact]
    [Trait("Size", "Large")]
    [Trait("Demand", "S1-6")]
    [Trait("Demand", "S1-8")]
    public async Task The_rule_of_the_seed_is_told_to_Slack_and_to_a_real_mail_server()
    {
        await using var mail = await MailServer.StartAsync();
        using var hook = new HttpListener();
        var address = $"http://127.0.0.1:{ChildProcess.FreePort()}/services/T000/B000/XXXX/";
        hook.Prefixes.Add(address);
        hook.Start();
        var received = ReceiveAsync(hook);
        await using var app = await TestApp.StartAsync(builder =>
        {
            // As in the embedded host, where this machine may be called.
            builder.Services.RemoveAll<INoticeChannel>();
            var http = OutgoingHttp.Create(isEmbedded: true);
            builder.Services.AddSingleton(new MailChannel(isEmbedded: true));
            builder.Services.AddSingleton<INoticeChannel>(services => services.GetRequiredService<MailChannel>());
            builder.Services.AddSingleton<INoticeChannel, MailToChannel>();
            builder.Services.AddSingleton<INoticeChannel>(new SlackChannel(http));
        });
        var desk = await app.SignedInAsync();
        var server = new { host = "127.0.0.1", port = mail.Port, startTls = false, from = "desk@example.org", to = new[] { "team@example.org" } };
        (await desk.PostAsJsonAsync("/api/v1/channels", new { kind = "mail", name = "Team", settings = server })).EnsureSuccessStatusCode();
        var actions = new object[] { new { name = "slack", value = address }, new { name = "gmail", value = "hv" } };
        var rule = new { name = "Rule4", @namespace = "Recommendation", frequency = "0d_0h_0m_5000s", rule_condition = "P99 time_taken 0d_0h_0m_0s > -5", actions };
        (await desk.PostAsJsonAsync("/api/v1/rules", rule)).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await desk.PostAsJsonAsync("/api/v1/metrics", new[] { new { name = "time_taken", @namespace = "Recommendation", value = 12.5 } })).EnsureSuccessStatusCode();
        await app.SettleAsync();

        await app.AdvanceAsync(TimeSpan.FromSeconds(10));

        var told = JsonElement.Parse(await received.WaitAsync(TimeSpan.FromSeconds(30)));
        told.GetProperty("text").GetString()!.ShouldContain("Rule4");
        told.GetRawText().ShouldContain("P99 of Recommendation/time_taken is 12.5");
        mail.Mails.Count.ShouldBe(2);
        mail.Mails.Count(text => text.Contains("To: hv@gmail.com")).ShouldBe(1);
        mail.Mails.Count(text => text.Contains("To: team@example.org")).ShouldBe(1);
        mail.Texts.ShouldAllBe(text => text.Contains("ATTENTION Rule4") && text.Contains("it fires at > -5"));
    }

    static async Task<string> ReceiveAsync(HttpListener hook)
    {
        var context = await hook.GetContextAsync();
        using var reader = new StreamReader(context.Request.InputStream);
        var body = await reader.ReadToEndAsync();
        context.Response.Close();
        return body;
    }
}
