using Watchdesk.Clients;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Mail;

/// <summary>The program dies at any write while mails are worked off; what is delivered again ends as if nothing had happened.</summary>
public class MailCrashTests
{
    const int MostWrites = 150;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Demand", "S3-22")]
    [Trait("Demand", "S4-13")]
    public async Task Whatever_write_fails_before_or_after_it_is_done_a_mail_counts_once(bool before)
    {
        var failures = 0;
        for (var at = 0; at < MostWrites; at++)
        {
            await using var desk = await MailDesk.StartAsync();
            await desk.PostAsync("From: a@b.c\r\nMessage-ID: <1@b>\r\nSubject: Backup ok :sched-perday-1:\r\n\r\nx"u8.ToArray(), query: "?job=backup");
            await desk.PostAsync("From: a@b.c\r\nMessage-ID: <2@b>\r\nSubject: Backup ok :sched-perday-1: :critical:\r\n\r\nx"u8.ToArray());
            await desk.PostAsync("From: a@b.c\r\nMessage-ID: <3@b>\r\nSubject: :warn: Disk\r\n\r\nx"u8.ToArray());

            failures += await DeliverWithFailureAsync(desk.App, at, before);

            (await desk.ItemsAsync("/api/v1/mail")).Count.ShouldBe(3, $"write {at}");
            (await desk.SeriesAsync()).GetProperty("reason").GetString()!.StartsWith("too many: got at least 2 of 1±0").ShouldBeTrue($"write {at}");
            (await desk.GetAsync("/api/v1/jobs/backup")).GetProperty("statistics").GetProperty("successes").GetInt32().ShouldBe(1, $"write {at}");
            string.Join(',', (await desk.IncidentsAsync()).Select(incident => incident.GetProperty("severity").GetString()).Order()).ShouldBe("critical,warning", $"write {at}");
        }

        failures.ShouldBeInRange(10, MostWrites - 1, "every write of the path was failed once, and the last ones were none any more");
    }

    /// <summary>1 when the write was reached.</summary>
    static async Task<int> DeliverWithFailureAsync(TestApp app, int at, bool before)
    {
        var (writes, failed) = (0, 0);
        void Fail(string table, IReadOnlyList<TableWrite> batch)
        {
            if (writes++ == at)
            {
                failed = 1;
                throw new RemoteCallException("tables", "write", 500, "Crash", isTransient: true);
            }
        }

        (app.Tables.BeforeWrite, app.Tables.AfterWrite) = before ? ((Action<string, IReadOnlyList<TableWrite>>?)Fail, (Action<string, IReadOnlyList<TableWrite>>?)null) : ((Action<string, IReadOnlyList<TableWrite>>?)null, (Action<string, IReadOnlyList<TableWrite>>?)Fail);
        for (var deliveries = 0; app.Queues.Waiting("inbox").Count > 0; deliveries++)
        {
            deliveries.ShouldBeLessThan(5);
            await app.Queues.DeliverAsync(app, "inbox");
        }

        (app.Tables.BeforeWrite, app.Tables.AfterWrite) = (null, null);
        await app.SettleAsync();
        return failed;
    }
}
