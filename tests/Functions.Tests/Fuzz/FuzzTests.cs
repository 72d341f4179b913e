using System.Text;
using Watchdesk.Tests.Support;
using Xunit.Abstractions;

namespace Watchdesk.Tests.Fuzz;

/// <summary>
/// Hostile input through every way in: no unhandled exception, no 5xx but 503 while storage is away, bounded memory.
/// WATCHDESK_FUZZ_SEED repeats a run.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    const int InputsInAll = 100_000;
    const int Round = 500;
    const long MemoryLimit = 48L << 20;
    const string Event = """{"job":"nightly-backup","runId":"r-1","kind":"success","at":"2026-11-20T08:00:00Z","scheduledAt":"2026-11-20T07:59:00Z","nextAt":"2026-11-20T09:00:00Z","duration":"00:00:30","exitStatus":0,"host":"db-1","message":"done"}""";

    static readonly string[] PingMethods = ["GET", "GET", "POST", "POST", "POST", "HEAD", "PUT"];

    [Fact]
    [Trait("Size", "Large")]
    public Task Pings() => FuzzAsync(async (desk, mutator) =>
    {
        string[] paths = [$"/ping/{desk.Uuid}", $"/ping/{desk.Uuid}/start", $"/ping/{desk.Uuid}/255", $"/ping/{desk.PingKey}/nightly-backup", $"/ping/{desk.PingKey}/nightly-backup/fail"];
        string[] queries = ["", "?rid=8bd1d1a6-7bf7-4b6a-b3a2-1ef5bb4c1c14", "?create=1", "?create=1&rid=8bd1d1a6-7bf7-4b6a-b3a2-1ef5bb4c1c14"];
        var (path, query) = mutator.Chance(0.5) ? (mutator.Pick(paths), mutator.Pick(queries)) : (mutator.MutateText(paths), mutator.MutateText(queries));
        var body = mutator.Mutate(["", "backup of 3 files done", Event]);
        return new Sent($"{path}{query}", body, await desk.SendAsync(mutator.Pick(PingMethods), path, query, body, "text/plain", bearer: null));
    });

    [Fact]
    [Trait("Size", "Large")]
    public Task Heartbeats() => FuzzAsync(async (desk, mutator) =>
    {
        var body = mutator.Mutate([$"[{Event}]", Event, $"{Event}\n{Event}", $"[{Event},{Event.Replace("success", "start", StringComparison.Ordinal)}]", $$"""[{"job":"{{desk.Job}}","kind":"log"}]"""]);
        return new Sent("/api/v1/heartbeats", body, await desk.SendAsync("POST", "/api/v1/heartbeats", "", body, mutator.Pick(["application/json", "application/x-ndjson", ""]), desk.Key));
    });

    [Fact]
    [Trait("Size", "Large")]
    [Trait("Demand", "S3-26")]
    public Task Jobs() => FuzzAsync(async (desk, mutator) =>
    {
        string[] jobs =
        [
            """{"name":"Nightly","slug":"nightly","severity":"critical","schedule":{"period":"1.00:00:00","grace":"01:00:00"},"tags":["db"],"org":"shop.payments","servers":["db-1.example.org"]}""",
            """{"name":"Cron","schedule":{"cron":"*/5 2-4 * * MON-FRI","timeZone":"Europe/Berlin","grace":"00:05:00"},"budgets":{"tooLong":"00:30:00"}}""",
            """{"name":"Declared","schedule":{"declared":true,"grace":"00:01:00"}}""",
            """{"until":"2026-11-21T08:00:00Z"}""",
        ];
        string[] calls =
        [
            "GET /api/v1/jobs", "POST /api/v1/jobs", "POST /api/v1/jobs", $"GET /api/v1/jobs/{desk.Job}", $"PUT /api/v1/jobs/{desk.Job}", $"PATCH /api/v1/jobs/{desk.Job}",
            $"POST /api/v1/jobs/{desk.Job}/snooze", $"GET /api/v1/jobs/{desk.Job}/runs", "POST /api/v1/jobs/nightly-backup/pause", "POST /api/v1/jobs/import",
        ];
        string[] queries = ["", "?limit=20", "?next=abc&limit=200", "?timeZone=Europe/Berlin"];
        var call = mutator.Pick(calls);
        var method = call.Split(' ')[0];
        var path = call.Split(' ')[1];
        path = mutator.Chance(0.9) ? path : mutator.MutateText([path]);
        var body = method == "GET" ? [] : mutator.Mutate(jobs);
        var query = mutator.MutateText(queries);
        return new Sent($"{method} {path}{query}", body, await desk.SendAsync(method, path, query, body, "application/json", desk.Key));
    });

    [Fact]
    [Trait("Size", "Large")]
    public Task Mails() => FuzzAsync(async (desk, mutator) =>
    {
        string[] types = ["message/rfc822", "application/x-www-form-urlencoded", "application/json", "", "text/plain; charset=utf-7"];
        string[] queries = ["", "", "", "?job=nightly-backup", "?job=%00"];
        var body = mutator.Mutate(MailSamples.Of(desk.Uuid));
        var query = mutator.Pick(queries);
        return new Sent($"/api/v1/mail{query}", body, await desk.SendAsync("POST", "/api/v1/mail", query, body, mutator.Pick(types), desk.Key));
    });

    [Fact]
    [Trait("Size", "Large")]
    public Task Messages() => FuzzAsync(
        async (desk, mutator) =>
        {
            string[] inbox =
            [
                $$$"""{"envelope":{"v":1,"kind":"runs","tenant":"main","requestId":"01a1f7f830007be6b9807666e7467ec8","items":[{"e":"e1","j":"{{{desk.Job}}}","k":1,"t":1795000000000,"r":1795000000000,"i":"r1","d":30000,"x":0,"h":"db-1","m":"done"}]}}""",
                """{"envelope":{"v":1,"kind":"runs","tenant":"main","requestId":"01a1f7f830007be6b9807666e7467ec9","blob":"inbox/main/01a1f7f830007be6b9807666e7467ec9.json"}}""",
            ];
            string[] mails = [$$$"""{"envelope":{"v":1,"kind":"mail","tenant":"main","requestId":"01a1f7f830007be6b9807666e7467eca","items":[{"r":1795000000000,"id":"01a1f7f830007be6b9807666e7467ecb","content":{"from":"a@b.c","to":["a@b.c"],"subject":":warn: x","text":":sched-perday-2:","sentAt":"2026-11-20T08:00:00Z","messageId":"1@b","headers":[{"name":"a","value":"b"}],"attachments":[{"name":"a","type":"b/c","bytes":1}],"isCut":false},"job":"{{{desk.Job}}}"}]}}"""];
            string[] native = [$$$"""{"envelope":{"key":"{{{desk.Key}}}","items":[{{{Event}}}]}}"""];
            var (function, samples) = mutator.Pick([("TakeInbox", inbox), ("TakeInbox", mails), ("TakeNative", native)]);
            byte[][] bodies = [mutator.Mutate(samples), Encoding.UTF8.GetBytes(samples[0])];
            return new Sent($"{function} must take its messages", bodies[0], await desk.DeliverAsync(function, bodies));
        },
        isMessage: true);

    [Fact]
    [Trait("Size", "Large")]
    public Task Envelopes() => FuzzAsync(async (desk, mutator) =>
    {
        string[] envelopes =
        [
            """{"Data":{"messages":"[\"{\\\"envelope\\\":{}}\"]"},"Metadata":{"DeliveryCountArray":"[1]","MessageIdArray":"[\"m1\"]","sys":{"MethodName":"TakeInbox","UtcNow":"2026-11-20T08:00:00","RandGuid":"8bd1d1a6-7bf7-4b6a-b3a2-1ef5bb4c1c14"}}}""",
            """{"Data":{"tick":{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}},"Metadata":{"sys":{"MethodName":"Tick"}}}""",
        ];
        var body = mutator.Mutate(envelopes);
        var function = mutator.Pick(["TakeInbox", "TakeNative", "Tick"]);
        return new Sent(function, body, await desk.InvokeAsync(function, body));
    });

    /// <param name="isMessage">What it sends must be taken or set aside with 200; storage stays, since a consumer waits for it.</param>
    async Task FuzzAsync(Func<FuzzDesk, Mutator, Task<Sent>> send, bool isMessage = false)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("WATCHDESK_FUZZ_SEED"), out var given) ? given : 20261120;
        var inputs = TestScale.Of(InputsInAll / 5);
        output.WriteLine($"seed {seed}, {inputs} inputs");
        var mutator = new Mutator(seed);
        await using var desk = await FuzzDesk.StartAsync();
        var wrong = new Dictionary<string, string>(StringComparer.Ordinal);
        var statuses = new SortedDictionary<int, int>();
        var memoryBefore = 0L;
        for (var n = 0; n < inputs && wrong.Count < 5; n++)
        {
            if (n == Math.Min(inputs / 2, 2 * Round))
            {
                memoryBefore = GC.GetTotalMemory(forceFullCollection: true);
            }

            var isStorageOn = isMessage || n % Round < Round * 9 / 10;
            desk.SwitchStorage(isStorageOn);
            var sent = await send(desk, mutator);
            statuses[sent.Status] = statuses.GetValueOrDefault(sent.Status) + 1;
            var errors = isStorageOn ? desk.TakeErrors() : [];
            if ((isStorageOn ? sent.Status >= 500 : sent.Status is 501 or 502 or > 503) || errors.Count > 0 || (isMessage && sent.Status != 200))
            {
                wrong.TryAdd($"{sent.Status} {Place(errors)}", $"input {n}: {sent}");
            }

            if (n % Round == Round - 1)
            {
                desk.SwitchStorage(isOn: true);
                desk.TakeErrors();
                await desk.SettleAsync();
                if (desk.TakeErrors() is { Count: > 0 } late)
                {
                    wrong.TryAdd($"while settling {Place(late)}", $"input {n} or before");
                }
            }
        }

        output.WriteLine(string.Join(", ", statuses.Select(status => $"{status.Key}: {status.Value}")));
        string.Join("\n", wrong.Select(found => $"{found.Key}\n    {found.Value}")).ShouldBeEmpty();
        var grown = GC.GetTotalMemory(forceFullCollection: true) - memoryBefore;
        output.WriteLine($"managed memory grew by {grown >> 10} KiB");
        grown.ShouldBeLessThan(MemoryLimit);
    }

    /// <summary>The exception and the first of our lines that it passed: what differs here is another finding.</summary>
    static string Place(IReadOnlyList<string> errors)
    {
        var lines = errors.SelectMany(error => error.Split('\n')).ToList();
        return $"{lines.Find(line => line.Contains("Exception: ", StringComparison.Ordinal))} {lines.Find(line => line.Contains("at Watchdesk.", StringComparison.Ordinal))}";
    }

    sealed record Sent(string What, byte[] Body, int Status)
    {
        public override string ToString() => $"{Status} for {What} {Convert.ToBase64String(Body)} ({Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 400)))})";
    }
}
