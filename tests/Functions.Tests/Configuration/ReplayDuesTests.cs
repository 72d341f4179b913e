using System.Net;
using Watchdesk.Clients;
using Watchdesk.Tests.Heartbeats;
using Watchdesk.Tests.Notices;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Configuration;

public sealed class ReplayDuesTests
{
    [Fact]
    [Trait("Demand", "S3-22")]
    public async Task Digests_and_ends_of_silences_are_owed_after_a_replay()
    {
        await using var app = await TestApp.StartAsync();
        using var desk = await app.SignedInAsync();
        var start = app.Clock.GetUtcNow();
        await MakeAsync("/api/v1/channels", """{"kind":"webhook","name":"hook","settings":{"url":"https://example.org/hook"},"digest":{"at":"09:00"}}""");
        await MakeAsync("/api/v1/channels", """{"kind":"webhook","name":"other","settings":{"url":"https://example.org/other"}}""");
        await MakeAsync("/api/v1/silences", $$"""{"match":{"org":"shop.*"},"until":"{{start.AddHours(3):O}}","reason":"move"}""");
        var tables = new MemoryTables();

        await Replaying.RunAsync(app, tables, new MemoryBlobs().Client(), start, app.Clock.GetUtcNow());

        var due = tables.Rows(Tables.Due).Select(row => row.RowKey).ToList();
        due.Count(key => key.Contains("~digest~", StringComparison.Ordinal)).ShouldBe(1);
        due.ShouldContain(key => key.StartsWith($"{start.AddHours(3).ToUnixTimeMilliseconds():D15}~silence~", StringComparison.Ordinal));
        due.ShouldContain(key => key.Contains("~retention~", StringComparison.Ordinal));

        async Task MakeAsync(string path, string body) => (await Api.SendAsync(desk, "POST", path, body)).Status.ShouldBe(HttpStatusCode.Created);
    }
}
