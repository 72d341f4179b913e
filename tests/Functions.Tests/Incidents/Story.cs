using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Incidents;
using Watchdesk.Notices;
using Watchdesk.Tenants;
using Watchdesk.Tests.Notices;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Incidents;

/// <summary>A desk with one channel, an admin's key and people, for stories over HTTP.</summary>
public sealed class Story : IAsyncDisposable
{
    Story(TestApp app, HttpClient admin) => (App, Admin) = (app, admin);

    public TestApp App { get; }

    public HttpClient Admin { get; }

    public NotePad Sent { get; private init; } = null!;

    public DateTimeOffset Now => App.Clock.GetUtcNow();

    public static async Task<Story> BeginAsync(bool hasChannel = true)
    {
        var sent = new NotePad();
        var app = await TestApp.StartAsync(builder => builder.Services.AddSingleton<INoticeChannel>(sent));
        if (hasChannel)
        {
            await app.Services.GetRequiredService<ChannelStore>().AddAsync(new Channel("main", Watchdesk.Clients.Keys.Hash("ops")[..32], NotePad.KindName, "ops", Level.Warning, true, "{}"), default);
        }

        return new Story(app, await app.SignedInAsync()) { Sent = sent };
    }

    public async Task<User> PersonAsync(string login, Role role = Role.Responder)
    {
        var user = new User(Tenant.Main, Watchdesk.Clients.Keys.NewId(Now), login, login.Split('@')[0], role, false, Now);
        (await App.Services.GetRequiredService<UserStore>().CreateAsync(user, Now, default)).ShouldBeTrue();
        return user;
    }

    public async Task TellAsync(params Signal[] signals)
    {
        await App.Services.GetRequiredService<IncidentDesk>().TellAsync("main", signals, Now, default);
        await App.SettleAsync();
    }

    public async Task<JsonElement> DoAsync(string method, string path, string? body = null, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var (status, answer) = await Api.SendAsync(Admin, method, path, body);
        status.ShouldBe(expected, $"{method} {path} {answer}");
        await App.SettleAsync();
        return answer;
    }

    /// <summary>Ids of the open incidents as the list has them.</summary>
    public async Task<IReadOnlyList<string>> OpenAsync(string query = "") =>
        [.. (await DoAsync("GET", "/api/v1/incidents?" + query)).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!)];

    public async Task<string> OnlyAsync() => (await OpenAsync()).ShouldHaveSingleItem();

    public async Task<IReadOnlyList<string>> HistoryAsync(string id) =>
        [.. (await DoAsync("GET", "/api/v1/incidents/" + id)).GetProperty("history").GetProperty("items").EnumerateArray().Select(line => line.GetProperty("text").GetString()!)];

    /// <summary>Who was told or is to be told, and by which way, oldest first.</summary>
    public async Task<IReadOnlyList<string>> DeliveriesAsync() =>
        [.. (await DoAsync("GET", "/api/v1/notices?limit=200")).GetProperty("items").EnumerateArray().Select(item => $"{item.GetProperty("channelName").GetString()} {item.GetProperty("channelKind").GetString()}").Reverse()];

    /// <summary>Kinds of the notices that the channel of the tenant got.</summary>
    public string Told => string.Join(' ', Sent.Messages.Select(message => message.Notice.Kind));

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
