using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Clients;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Pages;

public sealed class ZzShots
{
    [Fact]
    public async Task Shots()
    {
        var folder = Environment.GetEnvironmentVariable("SHOTS");
        if (folder is null) { return; }

        await using var app = await TestApp.StartAsync();
        var letters = app.Services.GetRequiredService<DeadLetters>();
        await letters.AddAsync(new DeadLetter("main", "inbox", "runs", "The item is 140 KiB; at most 100 KiB are kept.", "01993b7c2f0d7d4c9c7f6e5d4c3b2a10", Encoding.UTF8.GetBytes("{\"envelope\":{\"v\":1,\"kind\":\"runs\",\"tenant\":\"main\"}}"), app.Clock.GetUtcNow().AddMinutes(-4), 1), default);
        await letters.AddAsync(new DeadLetter("main", "heartbeats-in", "", "The key is unknown or revoked.", "", new byte[2000], app.Clock.GetUtcNow().AddHours(-3), 50), default);
        await app.Services.GetRequiredService<ApiKeys>().CreateAsync("main", "scheduler-01", Role.None, Scopes.Ping | Scopes.Create, "admin", app.Clock.GetUtcNow().AddDays(-3), default);
        await app.Services.GetRequiredService<PingKeys>().CreateAsync("main", "cron on the file servers", "admin", app.Clock.GetUtcNow().AddHours(-3), default);
        using var browser = await Browser.SignedInAsync(app);
        foreach (var (name, path) in new[] { ("deadletters", "/deadletters"), ("settings", "/settings"), ("home", "/"), ("jobs", "/jobs"), ("incidents", "/incidents") })
        {
            await SaveAsync(name, path);
        }

        await browser.OpenAsync("/settings");
        await browser.SubmitAsync("/settings/keys", ("name", "night & day"), ("use", "send"));
        await File.WriteAllTextAsync(Path.Combine(folder, "made.html"), browser.Html);
        using var visitor = new Browser(app);
        await visitor.OpenAsync("/sign-in");
        await File.WriteAllTextAsync(Path.Combine(folder, "signin.html"), visitor.Html);

        async Task SaveAsync(string name, string path)
        {
            await browser.OpenAsync(path);
            await File.WriteAllTextAsync(Path.Combine(folder, name + ".html"), browser.Html);
        }
    }
}
