using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Mail;
using Watchdesk.Tenants;

namespace Watchdesk.Tests.Mail;

public sealed class MailApiTests : IAsyncLifetime
{
    static readonly byte[] Cron = "From: cron@db1.example.org\r\nTo: mse@example.org\r\nSubject: :warn: Disk 81 % full :svr:db1.example.org\r\nMessage-ID: <1@db1>\r\nDate: Fri, 20 Nov 2026 07:59:00 +0000\r\n\r\n/dev/sda1 81 %\r\n"u8.ToArray();

    MailDesk _desk = null!;

    public async Task InitializeAsync() => _desk = await MailDesk.StartAsync();

    public async Task DisposeAsync() => await _desk.DisposeAsync();

    [Theory]
    [Trait("Demand", "S4-1")]
    [InlineData("message/rfc822")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("text/plain; charset=utf-8")]
    [InlineData("application/octet-stream")]
    [InlineData(null)]
    public async Task A_mail_is_taken_however_curl_calls_it(string? type)
    {
        var answer = await _desk.PostAsync(Cron, type);

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        await _desk.App.SettleAsync();
        var mail = await _desk.GetAsync($"/api/v1/mail/{id}");
        mail.GetProperty("from").GetString().ShouldBe("cron@db1.example.org");
        mail.GetProperty("subject").GetString().ShouldBe(":warn: Disk 81 % full :svr:db1.example.org");
        mail.GetProperty("text").GetString().ShouldBe("/dev/sda1 81 %");
        mail.GetProperty("severity").GetString().ShouldBe("warning");
        mail.GetProperty("servers")[0].GetString().ShouldBe("db1.example.org");
        mail.GetProperty("sentAt").GetDateTimeOffset().ShouldBe(DateTimeOffset.Parse("2026-11-20T07:59:00Z"));
        mail.GetProperty("messageId").GetString().ShouldBe("1@db1");
        mail.GetProperty("headers").EnumerateArray().Select(header => header.GetProperty("name").GetString()).ShouldContain("Message-ID");
    }

    [Fact]
    public async Task The_answer_says_at_once_what_was_read()
    {
        var answer = await (await _desk.PostAsync("From: a@b.c\r\nSubject: :warn: Backup :sched-perday2: :svr:db1.example.org\r\n\r\n:org:shop.it:"u8.ToArray())).Content.ReadFromJsonAsync<JsonElement>();

        (answer.GetProperty("severity").GetString(), answer.GetProperty("org").GetString(), answer.GetProperty("servers")[0].GetString()).ShouldBe(("warning", "shop.it", "db1.example.org"));
        answer.GetProperty("looksLike")[0].GetString()!.ShouldContain("write :sched-perday-2:");
    }

    [Fact]
    public async Task A_mail_is_taken_as_json()
    {
        var answer = await _desk.Client.PostAsJsonAsync("/api/v1/mail", new
        {
            from = "App@Example.org", to = "a@b.c, d@e.f", subject = "Nightly :info:", html = "<p>one</p><script>x</script><p>:org:shop.payments:</p>", date = "2026-11-20T08:30:00+01:00", messageId = "<m1>",
            headers = new Dictionary<string, string> { ["X-Host"] = "db1" },
        });

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        await _desk.App.SettleAsync();
        var mail = await _desk.GetAsync("/api/v1/mail/" + (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString());
        (mail.GetProperty("from").GetString(), mail.GetProperty("text").GetString(), mail.GetProperty("org").GetString()).ShouldBe(("app@example.org", "one\n:org:shop.payments:", "shop.payments"));
        mail.GetProperty("to").EnumerateArray().Select(to => to.GetString()).ShouldBe(["a@b.c", "d@e.f"]);
        mail.GetProperty("messageId").GetString().ShouldBe("m1");
    }

    [Theory]
    [InlineData("""{"from":"a@b.c"}""",                                      "application/json",  "subject")]
    [InlineData("""{"from":"a@b.c","subject":""}""",                         "application/json",  "subject has 1 to 1000 characters")]
    [InlineData("""{"from":"a@b.c","subject":"s","size":1}""",               "application/json",  "size")]
    [InlineData("""{"from":"a@b.c","subject":"s","text":"a","html":"b"}""",  "application/json",  "text or html")]
    [InlineData("""{"from":"a@b.c","subject":"s","headers":{"a":null}}""",   "application/json",  "")]
    [InlineData("null",                                                      "application/json",  "null")]
    [InlineData("a=1&b=2",                                                   "application/x-www-form-urlencoded", "must begin with header lines")]
    [InlineData("just text",                                                 "message/rfc822",    "must begin with header lines")]
    [InlineData("",                                                          "message/rfc822",    "must begin with header lines")]
    public async Task What_is_no_mail_is_refused_with_what_to_do(string body, string type, string says)
    {
        var answer = await _desk.PostAsync(Encoding.UTF8.GetBytes(body), type);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(says);
    }

    [Fact]
    public async Task Ten_mebibytes_are_taken_and_more_is_refused()
    {
        (await _desk.PostAsync([.. Cron, .. new byte[MailBounds.MessageBytes - Cron.Length]])).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await _desk.PostAsync([.. Cron, .. new byte[MailBounds.MessageBytes - Cron.Length + 1]])).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Nothing_is_accepted_while_storage_is_away()
    {
        _desk.App.Queues.BeforeSend = (_, _) => throw new RemoteCallException("queue", "send", 503, "ServerBusy", isTransient: true, TimeSpan.FromSeconds(1));

        var answer = await _desk.PostAsync(Cron);

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        _desk.App.Queues.BeforeSend = null;
        (await (await _desk.PostAsync(Cron)).Content.ReadAsStringAsync()).ShouldNotContain("duplicate");
    }

    [Fact]
    public async Task The_same_message_id_counts_once_also_when_both_came_at_once()
    {
        var first = await (await _desk.PostAsync(Cron)).Content.ReadFromJsonAsync<JsonElement>();
        var second = await (await _desk.PostAsync(Cron)).Content.ReadFromJsonAsync<JsonElement>();
        (second.GetProperty("id").GetString(), second.GetProperty("duplicate").GetBoolean()).ShouldBe((first.GetProperty("id").GetString(), true));
        await _desk.App.SettleAsync();
        var third = await (await _desk.PostAsync(Cron)).Content.ReadFromJsonAsync<JsonElement>();
        await _desk.App.SettleAsync();

        third.GetProperty("duplicate").GetBoolean().ShouldBeTrue();
        var kept = (await _desk.ItemsAsync("/api/v1/mail")).ShouldHaveSingleItem().GetProperty("id").GetString();
        third.GetProperty("id").GetString().ShouldBe(kept);
        first.TryGetProperty("duplicate", out _).ShouldBeFalse();
    }

    [Fact]
    [Trait("Demand", "S3-22")]
    public async Task A_message_that_is_delivered_twice_counts_once()
    {
        await _desk.PostAsync("From: a@b.c\r\nSubject: Backup :sched-perday-2:\r\n\r\nx"u8.ToArray());
        var message = _desk.App.Queues.Waiting("inbox").Single();
        await _desk.App.SettleAsync();
        await _desk.App.Queues.SendAsync("inbox", message.Body, "again", default);
        await _desk.App.SettleAsync();

        (await _desk.ItemsAsync("/api/v1/mail")).ShouldHaveSingleItem();
        (await _desk.SeriesAsync()).GetProperty("reason").GetString()!.ShouldStartWith("got 1 of 2±0");
    }

    [Fact]
    public async Task A_long_mail_travels_and_is_kept_in_blobs()
    {
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(n => $"line {n}\n"));
        var id = await _desk.SendAsync("Long", text);

        (await _desk.GetAsync($"/api/v1/mail/{id}")).GetProperty("text").GetString().ShouldBe(text.TrimEnd());
        (await _desk.ItemsAsync("/api/v1/mail")).ShouldHaveSingleItem().TryGetProperty("text", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Mails_are_listed_newest_first_page_by_page_over_days()
    {
        var sent = new List<string>();
        for (var n = 0; n < 7; n++)
        {
            sent.Add(await _desk.SendAsync($"Mail {n}"));
            _desk.App.Clock.Advance(TimeSpan.FromHours(9));
        }

        var listed = new List<string>();
        var next = "";
        for (var pages = 0; pages < 4; pages++)
        {
            var page = await _desk.GetAsync("/api/v1/mail?limit=2" + next);
            listed.AddRange(page.GetProperty("items").EnumerateArray().Select(mail => mail.GetProperty("id").GetString()!));
            next = page.TryGetProperty("next", out var more) ? "&next=" + Uri.EscapeDataString(more.GetString()!) : "";
        }

        sent.Reverse();
        listed.ShouldBe(sent);
        next.ShouldBe("");
    }

    [Theory]
    [InlineData("/api/v1/mail?next=x")]
    [InlineData("/api/v1/mail?next=20261120~1~2")]
    [InlineData("/api/v1/mail?limit=0")]
    [InlineData("/api/v1/mail/series?next=99~x")]
    public async Task A_token_that_is_none_is_refused(string path) => (await _desk.Client.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

    [Theory]
    [InlineData("GET", "/api/v1/mail/nothing")]
    [InlineData("GET", "/api/v1/mail/0199aaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("GET", "/api/v1/mail/ffffffffffffffffffffffffffffffff")]
    [InlineData("POST", "/api/v1/mail/series/nothing/end")]
    public async Task What_is_not_there_is_not_found(string method, string path) =>
        (await _desk.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path))).StatusCode.ShouldBe(HttpStatusCode.NotFound);

    [Theory]
    [InlineData(Scopes.Ping, HttpStatusCode.Accepted)]
    [InlineData(Scopes.Read, HttpStatusCode.Forbidden)]
    public async Task A_key_needs_the_scope_ping(Scopes scopes, HttpStatusCode status)
    {
        var client = await _desk.App.SignedInAsync(Role.Reader, scopes);

        (await client.PostAsync("/api/v1/mail", new ByteArrayContent(Cron))).StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task A_message_that_holds_no_mail_is_set_aside_and_its_neighbour_is_kept()
    {
        await _desk.App.Queues.SendTextAsync("inbox", """{"envelope":{"v":1,"kind":"mail","tenant":"main","requestId":"01a1f7f830007be6b9807666e7467ec8","items":[{"id":"x"}]}}""");
        await _desk.App.Queues.SendTextAsync("inbox", """{"envelope":{"v":1,"kind":"unheard","tenant":"main","requestId":"01a1f7f830007be6b9807666e7467ec9","items":[]}}""");
        await _desk.SendAsync("Backup");

        (await _desk.ItemsAsync("/api/v1/mail")).ShouldHaveSingleItem();
        (await _desk.ItemsAsync("/api/v1/deadletters")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Mails_stand_in_the_event_log()
    {
        var id = await _desk.SendAsync("Backup");
        var lines = new List<string>();
        var blobs = _desk.App.Blobs.Client();
        await foreach (var name in blobs.ListAsync(EventLog.Container, "main/2026/11/20/08/", default))
        {
            await foreach (var line in blobs.ReadLinesAsync(EventLog.Container, name, default))
            {
                lines.Add(Encoding.UTF8.GetString(line.Span));
            }
        }

        lines.ShouldContain(line => line.StartsWith("{\"kind\":\"mail\"") && line.Contains(id));
    }

    [Fact]
    public async Task Mails_and_what_belongs_to_them_go_after_ninety_days()
    {
        await _desk.PostAsync(Cron);
        await _desk.SendAsync("Long", new string('x', 40_000));
        await _desk.RunToAsync(DateTimeOffset.Parse("2027-02-18T23:00:00Z"), TimeSpan.FromDays(1));
        (_desk.Rows(Tables.Seen), await CountAsync()).ShouldBe((1, 2));

        await _desk.RunToAsync(DateTimeOffset.Parse("2027-02-19T00:10:00Z"));

        (_desk.Rows(Tables.Mails), _desk.Rows(Tables.Seen), await CountAsync()).ShouldBe((0, 0, 0));
        (await _desk.App.Blobs.Client().ListAsync(MailStore.Container, "", default).GetAsyncEnumerator().MoveNextAsync()).ShouldBeFalse();
    }

    async Task<int> CountAsync() => (await _desk.ItemsAsync("/api/v1/mail")).Count;
}
