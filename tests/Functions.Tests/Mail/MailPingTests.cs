using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Tenants;

namespace Watchdesk.Tests.Mail;

public sealed class MailPingTests : IAsyncLifetime
{
    MailDesk _desk = null!;
    string _uuid = "";

    public async Task InitializeAsync()
    {
        _desk = await MailDesk.StartAsync();
        var job = await (await _desk.Client.PostAsJsonAsync("/api/v1/jobs", new { name = "Nightly backup", schedule = new { period = "00:10:00", grace = "00:02:00" } })).Content.ReadFromJsonAsync<JsonElement>();
        _uuid = job.GetProperty("pingUrl").GetString()!.Split('/')[^1];
    }

    public async Task DisposeAsync() => await _desk.DisposeAsync();

    [Theory]
    [InlineData("Backup ok",      "GOOD",      1)]
    [InlineData("Backup",         "GOOD",      1)]
    [InlineData("Backup FAILED",  "ATTENTION", 1)]
    [InlineData("Backup started", "GOOD",      0)]
    public async Task A_mail_to_a_jobs_address_is_a_ping(string subject, string status, int ended)
    {
        await _desk.SendAsync(subject, headers: $"To: \"Backup\" <{_uuid}@desk.example.org>\r\n");

        var job = await _desk.GetAsync("/api/v1/jobs/nightly-backup");
        job.GetProperty("status").GetString().ShouldBe(status, job.ToString());
        var runs = job.GetProperty("statistics");
        (runs.GetProperty("successes").GetInt32() + runs.GetProperty("failures").GetInt32()).ShouldBe(ended);
    }

    [Theory]
    [InlineData("Cc: {0}@x\r\n")]
    [InlineData("To: team@example.org\r\nDelivered-To: {0}@x\r\n")]
    [InlineData("X-Original-To: {0}@x\r\n")]
    public async Task It_is_found_in_copies_and_in_what_the_mail_server_adds(string headers)
    {
        await _desk.SendAsync("Backup ok", headers: string.Format(headers, _uuid));

        (await SuccessesAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_ping_key_with_a_slug_is_an_address_too()
    {
        var key = await _desk.App.Services.GetRequiredService<PingKeys>().CreateAsync(Tenant.Main, "mail", "test", _desk.App.Clock.GetUtcNow(), default);
        await _desk.SendAsync("Backup ok", headers: $"To: {key.Text}+nightly-backup@x\r\n");
        await _desk.SendAsync("Backup ok", headers: "To: AAAAAAAAAAAAAAAAAAAAAA+nightly-backup@x\r\n");
        await _desk.SendAsync("Backup ok", headers: "To: 8bd1d1a6-7bf7-4b6a-b3a2-1ef5bb4c1c14@x\r\n");

        (await SuccessesAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task The_request_may_name_the_job()
    {
        var id = await _desk.SendAsync("Backup ok", query: "?job=nightly-backup");
        await _desk.SendAsync("Other ok", query: "?job=made-now");

        (await SuccessesAsync()).ShouldBe(1);
        (await _desk.GetAsync("/api/v1/jobs/made-now")).GetProperty("statistics").GetProperty("successes").GetInt32().ShouldBe(1);
        (await _desk.GetAsync($"/api/v1/mail/{id}")).GetProperty("job").GetString()!.Length.ShouldBe(32);
        var mayNotCreate = await _desk.App.SignedInAsync(Role.Reader, Scopes.Ping);
        (await mayNotCreate.PostAsync("/api/v1/mail?job=unknown", new StringContent("Subject: x\r\n\r\n"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_mail_that_is_delivered_twice_is_one_run()
    {
        await _desk.PostAsync(MimeCase.Raw($"To: {_uuid}@x\r\nSubject: Backup ok\r\n\r\nx"));
        var message = _desk.App.Queues.Waiting("inbox").Single();
        await _desk.App.SettleAsync();
        await _desk.App.Queues.SendAsync("inbox", message.Body, "again", default);
        await _desk.App.SettleAsync();

        (await SuccessesAsync()).ShouldBe(1);
    }

    async Task<int> SuccessesAsync() => (await _desk.GetAsync("/api/v1/jobs/nightly-backup")).GetProperty("statistics").GetProperty("successes").GetInt32();
}
