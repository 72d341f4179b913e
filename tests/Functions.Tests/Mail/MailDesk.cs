using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Mail;

/// <summary>The desk with a sender of mails.</summary>
sealed class MailDesk : IAsyncDisposable
{
    MailDesk(TestApp app, HttpClient client) => (App, Client) = (app, client);

    public TestApp App { get; }

    public HttpClient Client { get; }

    public static async Task<MailDesk> StartAsync(string now = "2026-11-20T08:00:00Z")
    {
        var app = await TestApp.StartAsync(now: now);
        return new MailDesk(app, await app.SignedInAsync());
    }

    public Task<HttpResponseMessage> PostAsync(byte[] body, string? type = "message/rfc822", string query = "")
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        return Client.PostAsync("/api/v1/mail" + query, content);
    }

    /// <summary>Sends a mail, lets it be worked off, and gives its id.</summary>
    public async Task<string> SendAsync(string subject, string body = "", string from = "cron@db1.example.org", string headers = "", string query = "")
    {
        var answer = await PostAsync(Encoding.UTF8.GetBytes($"From: {from}\r\nSubject: {subject}\r\n{headers}\r\n{body}\r\n"), query: query);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        await App.SettleAsync();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    public Task<JsonElement> GetAsync(string path) => Client.GetFromJsonAsync<JsonElement>(path);

    public async Task<IReadOnlyList<JsonElement>> ItemsAsync(string path) => [.. (await GetAsync(path)).GetProperty("items").EnumerateArray()];

    public Task<IReadOnlyList<JsonElement>> IncidentsAsync() => ItemsAsync("/api/v1/incidents");

    public async Task<JsonElement> SeriesAsync() => (await ItemsAsync("/api/v1/mail/series")).ShouldHaveSingleItem();

    /// <summary>Ticks every few minutes up to an instant, as the timer does.</summary>
    public async Task RunToAsync(DateTimeOffset at, TimeSpan? step = null)
    {
        while (App.Clock.GetUtcNow() < at)
        {
            var left = at - App.Clock.GetUtcNow();
            var next = step ?? TimeSpan.FromMinutes(5);
            await App.AdvanceAsync(left < next ? left : next);
        }
    }

    public int Rows(string table) => App.Tables.Rows(table).Count;

    public async ValueTask DisposeAsync() => await App.DisposeAsync();
}
