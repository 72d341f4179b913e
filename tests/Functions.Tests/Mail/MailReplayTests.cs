using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Clients;
using Watchdesk.Tests.Heartbeats;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Mail;

public sealed class MailReplayTests
{
    /// <summary>Where due rows stand, what incidents know, and counted messages are the business of each store.</summary>
    static readonly HashSet<string> Own = ["SettledAt", "IndexedAt", "ToldTurn", "MatchedAt", "Counted", "S"];

    [Fact]
    [Trait("Demand", "S3-22")]
    public async Task Mails_series_words_and_rules_come_back_from_the_event_log()
    {
        await using var desk = await MailDesk.StartAsync();
        var start = desk.App.Clock.GetUtcNow();
        await StoryAsync(desk);
        var end = desk.App.Clock.GetUtcNow();
        var (tables, blobs) = (new MemoryTables(), new MemoryBlobs());

        (await Replaying.RunAsync(desk.App, tables, blobs.Client(), start, end)).Repeats.ShouldBe(1);

        foreach (var table in new[] { Tables.Jobs, Tables.Pings, Tables.Mails, Tables.Seen, Tables.Series, Tables.Rules, Tables.MailRules })
        {
            Said(tables.Rows(table)).ShouldBe(Said(desk.App.Tables.Rows(table)), customMessage: table);
        }

        Said(WordsOfMails(tables)).ShouldBe(Said(WordsOfMails(desk.App.Tables)));
        tables.Rows(Tables.Incidents).ShouldBeEmpty("nobody is told by a replay");
        blobs.Names.Where(name => name.StartsWith("mails/", StringComparison.Ordinal)).ShouldBe(desk.App.Blobs.Names.Where(name => name.StartsWith("mails/", StringComparison.Ordinal)));
        blobs.Names.ShouldNotContain(name => name.StartsWith("events/", StringComparison.Ordinal));
        await GoesOnAsync(desk, tables, blobs, end);
    }

    /// <summary>A desk on the new store says the same, looks at what is due, and tells what is wrong.</summary>
    static async Task GoesOnAsync(MailDesk desk, MemoryTables tables, MemoryBlobs blobs, DateTimeOffset end)
    {
        await using var fresh = await TestApp.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton<ITables>(tables);
                builder.Services.AddSingleton(blobs.Client());
                builder.Services.AddSingleton(desk.App.Services.GetRequiredService<IDataProtectionProvider>());
            },
            end.ToString("O"));
        var client = fresh.WithKey(desk.Client.DefaultRequestHeaders.Authorization!.Parameter!);
        foreach (var path in new[] { "/api/v1/jobs", "/api/v1/jobs/backup/runs", "/api/v1/mail", "/api/v1/mail/series", "/api/v1/search?q=invoice", "/api/v1/config" })
        {
            (await client.GetStringAsync(path)).ShouldBe(await desk.Client.GetStringAsync(path), customMessage: path);
        }

        await fresh.TickAsync();
        var incidents = (await client.GetFromJsonAsync<JsonElement>("/api/v1/incidents")).GetProperty("items").EnumerateArray().Select(incident => incident.GetProperty("name").GetString());
        incidents.ShouldBe(["nightly backup"]);
        (await client.GetFromJsonAsync<JsonElement>("/api/v1/rules")).GetProperty("items").EnumerateArray().ShouldAllBe(rule => rule.GetProperty("evaluatedAt").ValueKind == JsonValueKind.String);

        // Everything that is owed has its row: the walk finds nothing lost.
        for (var hour = 0; hour < 3; hour++)
        {
            await fresh.AdvanceAsync(TimeSpan.FromHours(1));
        }

        (await client.GetStringAsync("/api/v1/incidents")).ShouldNotContain("Watchdesk: deadline");
    }

    static async Task StoryAsync(MailDesk desk)
    {
        await desk.Client.PostAsJsonAsync("/api/v1/jobs", new { name = "Backup", schedule = new { period = "06:00:00", grace = "01:00:00" } });
        await desk.Client.PostAsJsonAsync("/api/v1/jobs", new { name = "Gone" });
        await desk.SendAsync("disk full on db9");
        await desk.SendAsync("Invoices sent :org:shop.billing:", "All of them");
        await MakeAsync("/api/v1/mail-rules", new { name = "Disks", match = new { subject = "disk full" }, set = new { severity = "info", org = "it.storage" } });
        var noise = await MakeAsync("/api/v1/mail-rules", new { name = "Noise", match = new { subject = "newsletter" }, set = new { drop = true } });
        await MakeAsync("/api/v1/rules", new { name = "Slow", frequency = "0d_1h_0m_0s", rule_condition = "P95 time 0d_1h_0m_0s > 5", actions = new[] { new { name = "gmail", value = "ops@example.org" } } });
        var rule = await MakeAsync("/api/v1/rules", new { name = "Wrong", frequency = "0d_1h_0m_0s", rule_condition = "P95 time 0d_1h_0m_0s > 5" });
        for (var hour = 0; hour < 60; hour += 6)
        {
            await desk.Client.PostAsJsonAsync("/api/v1/heartbeats", new[] { new { job = "backup", kind = "start" } });
            await desk.SendAsync("Backup " + (hour == 30 ? "failed" : "done"), query: "?job=backup");
            await desk.Client.PostAsJsonAsync("/api/v1/metrics", new[] { new { name = "time", value = hour } });
            await desk.SendAsync($"Report {hour} ready :sched-perday-4/1: :warn:", headers: $"Message-ID: <{hour}@example.org>\r\n");
            if (hour < 24)
            {
                await desk.SendAsync("nightly backup :sched-perday-4/1: :critical:", $"Took {hour} min");
                await desk.SendAsync("weekly newsletter :sched-perday-9:");
                for (var n = 0; n < 3; n++)
                {
                    await desk.SendAsync("too chatty :sched-perhour-1:", "invoice " + new string('x', 40_000));
                }
            }

            await desk.RunToAsync(desk.App.Clock.GetUtcNow().AddHours(6), TimeSpan.FromMinutes(30));
        }

        await CopyAsync(desk);
        await desk.Client.DeleteAsync($"/api/v1/mail-rules/{noise}");
        await desk.SendAsync("weekly newsletter again", "no longer dropped");
        await desk.Client.PutAsJsonAsync($"/api/v1/rules/{rule}", new { name = "Right", frequency = "0d_2h_0m_0s", rule_condition = "P95 time 0d_1h_0m_0s > 500" });
        await desk.Client.DeleteAsync($"/api/v1/rules/{await MakeAsync("/api/v1/rules", new { name = "Gone", frequency = "0d_1h_0m_0s", rule_condition = "MAX time 0d_1h_0m_0s > 5" })}");
        await desk.Client.DeleteAsync("/api/v1/jobs/gone");
        var chatty = (await desk.ItemsAsync("/api/v1/mail/series")).Single(series => series.GetProperty("name").GetString() == "too chatty").GetProperty("id").GetString();
        (await desk.Client.PostAsync($"/api/v1/mail/series/{chatty}/end", null)).EnsureSuccessStatusCode();
        await desk.App.AdvanceAsync(TimeSpan.FromMinutes(1));

        async Task<string> MakeAsync(string path, object body) =>
            (await (await desk.Client.PostAsJsonAsync(path, body)).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    /// <summary>A copy that comes before the first one has been taken, and a message that is delivered twice.</summary>
    static async Task CopyAsync(MailDesk desk)
    {
        var mail = Encoding.UTF8.GetBytes("From: a@example.org\r\nMessage-ID: <copy@example.org>\r\nSubject: Copied :sched-perday-1:\r\n\r\nTwice\r\n");
        await desk.PostAsync(mail);
        var claim = desk.App.Tables.Rows(Tables.Seen).Single(row => row.RowKey == Keys.Hash("copy@example.org"));
        await desk.App.Tables.WriteAsync(Tables.Seen, TableWrite.Delete(claim.PartitionKey, claim.RowKey), default);
        desk.App.Clock.Advance(TimeSpan.FromSeconds(1));
        await desk.PostAsync(mail);
        await desk.App.Tables.WriteAsync(Tables.Seen, TableWrite.Upsert(claim), default);
        var queue = desk.App.Queues;
        await queue.SendAsync(Watchdesk.Heartbeats.Inbox.Queue, queue.Waiting(Watchdesk.Heartbeats.Inbox.Queue)[^1].Body, "twice", default);
        await desk.App.SettleAsync();
    }

    /// <summary>Without those of incidents.</summary>
    static IReadOnlyList<TableRow> WordsOfMails(MemoryTables tables)
    {
        var words = new List<TableRow>();
        foreach (var row in tables.Rows(Tables.Words).Where(row => row.Bytes("Ids") is not null))
        {
            byte[] mails = [.. row.Bytes("Ids")!.Chunk(17).Where(id => id[0] == 0).SelectMany(id => id)];
            if (mails.Length > 0)
            {
                words.Add(new TableRow(row.PartitionKey, row.RowKey) { ["Ids"] = mails });
            }
        }

        return words;
    }

    static IReadOnlyList<string> Said(IReadOnlyList<TableRow> rows) =>
        [.. rows.Where(row => !row.RowKey.StartsWith("m~", StringComparison.Ordinal)).Select(row => $"{row.PartitionKey} {row.RowKey}: {string.Join(", ", row.Values.Where(value => !Own.Contains(value.Key)).OrderBy(value => value.Key, StringComparer.Ordinal).Select(value => $"{value.Key}={Said(value.Key, value.Value)}"))}")];

    /// <summary>The order in which a word's mails were noted may be another.</summary>
    static string Said(string name, object value) => value switch
    {
        byte[] ids when name == "Ids" => string.Join('+', ids.Chunk(17).Select(Convert.ToHexString).Order(StringComparer.Ordinal)),
        byte[] bytes => Convert.ToHexString(bytes),
        DateTimeOffset at => at.ToString("O"),
        _ => value.ToString()!,
    };
}
