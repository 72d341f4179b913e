using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Hosting.Embedded;

namespace Watchdesk.Tests.Browser;

/// <summary>Fills a desk over its API, so that each page has something to show: jobs in every state, incidents, mail, metrics, a rule, a channel.</summary>
static class SeededDesk
{
    const int Runs = 60;
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <param name="folder">The desk's data: a sender of its own writes to the queue there.</param>
    public static async Task FillAsync(HttpClient api, string folder, DateTimeOffset now)
    {
        await PostAsync(api, "/api/v1/channels", """{"kind":"webhook","name":"Operations","minSeverity":"info","settings":{"url":"http://127.0.0.1:9/hook"}}""");
        await PostAsync(api, "/api/v1/jobs", """{"name":"Nightly backup","schedule":{"cron":"30 2 * * *","timeZone":"Europe/Berlin","grace":"23:00:00"},"budgets":{"tooLong":"2.00:00:00"},"tags":["backup","nightly"],"org":"shop.storage","servers":["db1.example.org"]}""");
        await PostAsync(api, "/api/v1/jobs", """{"name":"Import of orders with a long name that has to break somewhere on a telephone","slug":"import","schedule":{"period":"1.00:00:00","grace":"01:00:00"}}""");
        await PostAsync(api, "/api/v1/jobs", """{"name":"Silent job","schedule":{"period":"00:00:01","grace":"00:00:01"}}""");
        await PostAsync(api, "/api/v1/jobs", """{"name":"Late job","schedule":{"period":"00:00:01","grace":"10:00:00"}}""");
        await PostAsync(api, "/api/v1/jobs", """{"name":"New job","schedule":{"count":2,"variance":1,"per":"day"}}""");
        await PostAsync(api, "/api/v1/jobs", """{"name":"Paused job"}""");
        await PostAsync(api, "/api/v1/jobs/paused-job/pause", "");
        await PostAsync(api, "/api/v1/heartbeats", JsonSerializer.Serialize(Events(now)));
        await PostAsync(api, "/api/v1/keys", """{"name":"cron on db1","kind":"ping"}""");
        await PostAsync(api, "/api/v1/rules", """{"name":"Answers are slow","namespace":"Recommendation","frequency":"0d_0h_0m_10s","rule_condition":"P99 time_taken 0d_1h_0m_0s > 200","actions":[]}""");
        await PostAsync(api, "/api/v1/mail-rules", """{"name":"Backups belong to storage","match":{"subject":"^Backup of","server":"db1"},"set":{"org":"shop.storage"}}""");
        await PostAsync(api, "/api/v1/silences", JsonSerializer.Serialize(new { match = new { org = "shop.storage.*" }, until = now.AddHours(8), reason = "Move to the new disks, ticket 7" }));
        await PostAsync(api, "/api/v1/groups", """{"name":"Database people"}""");
        await PostAsync(api, "/api/v1/users", """{"login":"ann@example.org","name":"Ann Responder","role":"responder"}""");
        await SetAsideAsync(folder, now);
        await PostAsync(api, "/api/v1/metrics", JsonSerializer.Serialize(Enumerable.Range(0, 50).Select(n => new { name = "time_taken", @namespace = "Recommendation", value = 120 + (n * 37 % 150), at = now.AddMinutes(n - 50) })));
        await OperationsAsync(api, now);
        await MailAsync(api, "Backup of db1 done :info: :sched-perday-2/1: :org:shop.storage: :svr:db1.example.org");
        await MailAsync(api, "Disk of db2 is nearly full :critcal: :svr:db2.example.org");
        await UntilAsync(api, "/api/v1/jobs/nightly-backup", job => job.GetProperty("statistics").GetProperty("occurrences").GetInt32() >= Runs);
        await UntilAsync(api, "/api/v1/incidents", incidents => incidents.GetProperty("items").GetArrayLength() >= 2);
        await UntilAsync(api, "/api/v1/deadletters", letters => letters.GetProperty("items").GetArrayLength() >= 1);
        await UntilAsync(api, "/api/v1/mail", mails => mails.GetProperty("items").GetArrayLength() >= 2);
    }

    /// <summary>One that was not understood, one that waits for approval, a rotation and a policy.</summary>
    static async Task OperationsAsync(HttpClient api, DateTimeOffset now)
    {
        var person = (await api.GetFromJsonAsync<JsonElement>("/api/v1/users")).GetProperty("items")[0].GetProperty("id").GetString();
        await PostAsync(api, "/api/v1/operations", """{"text":"please restart everything that runs on the virtual machines of the shop"}""");
        await PostAsync(api, "/api/v1/operations", """{"text":"restart the scheduler on db1.example.org","requestId":"seeded"}""");
        await PostAsync(api, "/api/v1/escalations", $$"""{"name":"Nights","steps":[{"notify":"onCall"},{"wait":"00:10:00"},{"notify":"person","id":"{{person}}"}],"repeat":1}""");
        using var rotation = new StringContent(JsonSerializer.Serialize(new { people = new[] { person }, start = now.AddDays(-3).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), timeZone = "Europe/Berlin" }), Encoding.UTF8, "application/json");
        (await api.PutAsync("/api/v1/escalations/rotation", rotation)).IsSuccessStatusCode.ShouldBeTrue();
        await UntilAsync(api, "/api/v1/operations/seeded", operation => operation.GetProperty("stage").GetString() == "approval");
    }

    static IEnumerable<object> Events(DateTimeOffset now)
    {
        for (var n = 0; n < Runs; n++)
        {
            var start = now.AddHours(n - Runs);
            yield return new { job = "nightly-backup", runId = $"r{n}", kind = "start", at = start, host = "db1.example.org" };
            yield return new { job = "nightly-backup", runId = $"r{n}", kind = n % 17 == 5 ? "fail" : "success", at = start.AddMinutes(12 + (n * 7 % 11)), exitStatus = n % 17 == 5 ? 3 : 0, host = "db1.example.org" };
        }

        yield return new { job = "import", kind = "fail", exitStatus = 2, at = now, message = $"copying {new string('x', 400)}\n{string.Concat(Enumerable.Repeat("tried again\n", 40))}no route to host" };
        yield return new { job = "silent-job", kind = "success", at = now.AddMinutes(-5) };
        yield return new { job = "late-job", kind = "success", at = now.AddMinutes(-5) };
        yield return new { job = "0199aaaabbbb7cccdddd111122223333", kind = "success", at = now };
    }

    /// <summary>A message without a key, which becomes a dead letter.</summary>
    static async Task SetAsideAsync(string folder, DateTimeOffset now)
    {
        var ports = AzuriteState.Read(Path.Combine(folder, "azurite.json")).Services;
        var storage = new StorageServices(() => StorageAccount.Emulator(ports["table"].Port, ports["queue"].Port, ports["blob"].Port), TimeProvider.System);
        var body = Encoding.UTF8.GetBytes("""{"envelope":{"items":[{"job":"nightly-backup","kind":"success"}]}}""");
        await new StorageQueueClient(storage.Queues()).SendAsync("heartbeats-in", body, "m" + now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), default);
    }

    static Task MailAsync(HttpClient api, string subject) => PostAsync(
        api, "/api/v1/mail", $"From: Backup of the night <backup@db1.storage.shop.example.org>\r\nSubject: {subject}\r\nMessage-ID: <{subject.Length.ToString(CultureInfo.InvariantCulture)}@example.org>\r\n\r\nAll tables were written.\r\n", "message/rfc822");

    static async Task PostAsync(HttpClient api, string path, string body, string type = "application/json")
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var answer = await api.PostAsync(path, content);
        answer.IsSuccessStatusCode.ShouldBeTrue($"{path}: {await answer.Content.ReadAsStringAsync()}");
    }

    static async Task UntilAsync(HttpClient api, string path, Func<JsonElement, bool> isSo)
    {
        for (var clock = Stopwatch.StartNew(); !isSo(await api.GetFromJsonAsync<JsonElement>(path)); await Task.Delay(250))
        {
            clock.Elapsed.ShouldBeLessThan(Limit, path);
        }
    }
}
