using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Incidents;
using Watchdesk.Incidents.Search;
using Watchdesk.Mail;
using Watchdesk.Mail.Search;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;

namespace Watchdesk.Benchmarks;

/// <summary>The desk in this process over the emulator, with 90 days of mails and incidents.</summary>
sealed class ListDesk : IAsyncDisposable
{
    const int Hosts = 60;
    const int Days = 90;
    static readonly string[] Nouns = ["disk", "backup", "queue", "certificate", "memory", "replication", "index", "login", "payment", "invoice", "report", "gateway"];

    readonly WebApplication _app;
    readonly Random _random = new(1);

    ListDesk(WebApplication app, RecordedTables tables, HttpClient client) => (_app, Tables, Client) = (app, tables, client);

    public RecordedTables Tables { get; }

    public HttpClient Client { get; }

    public static async Task<ListDesk> StartAsync(StorageServices storage)
    {
        var tables = new RecordedTables(new AzureTables(storage.Tables()));
        var start = new DeskStart(new CommandLine(), IsHandler: true, IPAddress.Loopback, ChildProcess.FreePort(), AppContext.BaseDirectory);
        var app = Desk.Build(start, builder =>
        {
            builder.Services.RemoveAll<StorageServices>().AddSingleton(storage);
            builder.Services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
            builder.Services.RemoveAll<ITables>().AddSingleton<ITables>(tables);
            builder.Services.RemoveAll<IMessageSender>().AddSingleton<IMessageSender, TickDesk.NoMessages>();
        });
        await app.StartAsync();
        await app.Services.GetRequiredService<TenantStore>().CreateAsync(new Tenant(Tenant.Main, "Main", DateTimeOffset.UnixEpoch, []), default);
        var now = TimeProvider.System.GetUtcNow();
        var key = await app.Services.GetRequiredService<ApiKeys>().CreateAsync(Tenant.Main, "load", Role.Admin, Scopes.All, "load", now, default);
        var client = new HttpClient { BaseAddress = new Uri(start.LocalUrl) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", key.Text);
        return new ListDesk(app, tables, client);
    }

    public async Task SeedMailsAsync(int mails, DateTimeOffset now)
    {
        var (store, words) = (_app.Services.GetRequiredService<MailStore>(), _app.Services.GetRequiredService<WordIndex>());
        foreach (var day in Enumerable.Range(0, mails).GroupBy(n => n % Days))
        {
            StoredMail[] chunk = [.. day.Select(n => Mail(n, now.AddDays(-day.Key).AddSeconds(-_random.Next(80_000))))];
            await store.AddAsync(Tenant.Main, chunk, default);
            await words.AddAsync(Tenant.Main, [.. chunk.Select(FindMails.WordsOf)], default);
        }
    }

    public async Task SeedIncidentsAsync(int incidents, int open, DateTimeOffset now)
    {
        foreach (var chunk in Enumerable.Range(0, incidents).Chunk(50))
        {
            var rows = chunk.Select(n => Incident(n, n < open, now.AddDays(-Days * _random.NextDouble()))).SelectMany(incident => new[] { IncidentRows.Row(Tenant.Main, incident), IncidentRows.ListRow(Tenant.Main, incident) });
            await Tables.WriteAsync(Clients.Tables.Incidents, [.. rows.Select(TableWrite.Upsert)], default);
        }
    }

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        return _app.DisposeAsync();
    }

    StoredMail Mail(int n, DateTimeOffset at)
    {
        var (noun, host) = (Nouns[n % Nouns.Length], $"db{n % Hosts:D2}");
        var text = string.Concat(Enumerable.Range(0, 12).Select(line => $"{Nouns[_random.Next(Nouns.Length)]} volume{line} of {host} holds {_random.Next(400)} files\n")) + (n % 5000 == 0 ? "needle\n" : "");
        var content = new MailContent($"cron@{host}.example.org", [], $"{noun} of {host} {n % 100} %", text, null, null, [], [], false);
        return StoredMail.Of(new MonitoringMail(Keys.NewId(at), content));
    }

    static Incident Incident(int n, bool isOpen, DateTimeOffset at) => new()
    {
        Id = Keys.NewId(at),
        Subject = $"job:{n}",
        Name = $"{Nouns[n % Nouns.Length]} of db{n % Hosts:D2}",
        Reason = "No success for 25 min; expected by 21:40.",
        Severity = (Severity)(n % 3),
        Since = at,
        OpenedAt = at,
        ChangedAt = at,
        IsOpen = isOpen,
        ResolvedAt = isOpen ? null : at.AddHours(1),
        Causes = isOpen ? new Causes(1, 0, 0) : default,
    };
}
