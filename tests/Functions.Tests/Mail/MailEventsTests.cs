using System.Net.Http.Json;

namespace Watchdesk.Tests.Mail;

public sealed class MailEventsTests : IAsyncLifetime
{
    MailDesk _desk = null!;

    public async Task InitializeAsync() => _desk = await MailDesk.StartAsync();

    public async Task DisposeAsync() => await _desk.DisposeAsync();

    [Theory]
    [InlineData(":critical: Disk 98 % full on db1", "critical")]
    [InlineData(":warn: Disk 98 % full on db1",     "warning")]
    [Trait("Demand", "S4-1")]
    [Trait("Demand", "S4-8")]
    [Trait("Demand", "S4-9")]
    public async Task A_tagged_mail_opens_an_incident(string subject, string severity)
    {
        var id = await _desk.SendAsync(subject, "/dev/sda1 98 %\n:svr:db1.example.org :org:datamer.data.db.olap:");

        var incident = (await _desk.IncidentsAsync()).ShouldHaveSingleItem();
        incident.GetProperty("name").GetString().ShouldBe("Disk 98 % full on db1");
        incident.GetProperty("severity").GetString().ShouldBe(severity);
        incident.GetProperty("reason").GetString().ShouldBe("Mail from cron@db1.example.org (datamer.data.db.olap): /dev/sda1 98 %.");
        var whole = await _desk.GetAsync($"/api/v1/incidents/{incident.GetProperty("id").GetString()}");
        (whole.GetProperty("host").GetString(), whole.GetProperty("link").GetString()).ShouldBe(("db1.example.org", $"/mail/{id}"));
    }

    [Theory]
    [InlineData("/dev/sda1 98 % :warn:")]
    [InlineData(":org:shop.db: /dev/sda1 :critical:98 %")]
    [InlineData(":warn:\n:svr:db1.example.org\n/dev/sda1 98 %")]
    public async Task The_reason_does_not_repeat_tags(string body)
    {
        await _desk.SendAsync(":critical: Disk full", body);

        (await _desk.IncidentsAsync()).ShouldHaveSingleItem().GetProperty("reason").GetString()!.Replace(" (shop.db)", "").ShouldBe("Mail from cron@db1.example.org: /dev/sda1 98 %.");
    }

    [Theory]
    [InlineData(":info: Disk 98 % full")]
    [InlineData("Disk 98 % full")]
    [InlineData(":critical: Disk report :sched-perday-2:")]
    [InlineData(":crit: Disk")]
    [Trait("Demand", "S4-7")]
    public async Task Others_open_none(string subject)
    {
        await _desk.SendAsync(subject);

        (await _desk.IncidentsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_later_mail_of_the_series_joins_and_it_stays_as_severe_as_the_worst()
    {
        await _desk.SendAsync(":warn: Disk 81 % full on db1");
        await Later();
        await _desk.SendAsync(":critical: Disk 98 % full on db1");
        await Later();
        await _desk.SendAsync(":warn: Disk 85 % full on db1");
        await Later();
        await _desk.SendAsync(":critical: Disk 98 % full on db2");

        var incidents = await _desk.IncidentsAsync();
        incidents.Count.ShouldBe(2);
        var db1 = incidents.Single(incident => incident.GetProperty("name").GetString()!.EndsWith("db1"));
        (db1.GetProperty("name").GetString(), db1.GetProperty("severity").GetString()).ShouldBe(("Disk 85 % full on db1", "critical"));
    }

    [Fact]
    public async Task After_a_person_has_resolved_it_the_next_mail_opens_another()
    {
        await _desk.SendAsync(":critical: Disk 81 % full");
        var id = (await _desk.IncidentsAsync()).Single().GetProperty("id").GetString();
        await Later();
        (await _desk.Client.PostAsJsonAsync($"/api/v1/incidents/{id}/resolve", new { reason = "grown" })).IsSuccessStatusCode.ShouldBeTrue();
        (await _desk.IncidentsAsync()).ShouldBeEmpty();

        await _desk.SendAsync(":warn: Disk 81 % full");

        var incident = (await _desk.IncidentsAsync()).ShouldHaveSingleItem();
        incident.GetProperty("id").GetString().ShouldNotBe(id);
        incident.GetProperty("severity").GetString().ShouldBe("warning");
    }

    [Fact]
    public async Task Of_several_mails_in_one_batch_the_worst_tells()
    {
        await _desk.PostAsync("From: a@b.c\r\nSubject: :critical: Disk 98 % full\r\n\r\nworst"u8.ToArray());
        await _desk.PostAsync("From: a@b.c\r\nSubject: :warn: Disk 81 % full\r\n\r\nlast"u8.ToArray());
        await _desk.App.SettleAsync();

        var incident = (await _desk.IncidentsAsync()).ShouldHaveSingleItem();
        incident.GetProperty("severity").GetString().ShouldBe("critical");
        incident.GetProperty("reason").GetString().ShouldBe("Mail from a@b.c: worst. And 1 more.");
    }

    Task Later()
    {
        _desk.App.Clock.Advance(TimeSpan.FromMinutes(1));
        return Task.CompletedTask;
    }
}
