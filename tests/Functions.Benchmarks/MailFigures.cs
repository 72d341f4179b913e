using System.Diagnostics;

namespace Watchdesk.Benchmarks;

/// <summary>Mails with tags and a body over <c>POST /api/v1/mail</c>, 16 connections, and until the last is stored and counted in its series.</summary>
static class MailFigures
{
    const int Connections = 16;
    const int Senders = 50;

    public static async Task RunAsync(BenchmarkSettings settings)
    {
        await using var desk = await DeskUnderLoad.StartAsync(1);
        var posts = Wrk.Posts("/api/v1/mail", $"Bearer {await desk.CreateKeyAsync()}", Enumerable.Range(0, Senders).Select(Mail), "message/rfc822");

        var figures = new Figures($"mails: MIME with tags and 2 kB of text from {Senders} senders at {Connections} connections, {settings.Seconds:0.#} s");
        var since = Stopwatch.GetTimestamp();
        var measured = await Wrk.RunAsync(desk.Url, Connections, settings.Level, posts);
        figures.Add("mails/s accepted", Figures.Text(measured.Rate));
        figures.Add("P99 of a request", Figures.Text(measured.P99) + " ms");
        figures.Holds("errors", measured.Errors == 0, $"{measured.Errors}", "none");
        await desk.DrainAsync();
        var took = Stopwatch.GetElapsedTime(since);
        var stored = await desk.CountMailsAsync();
        figures.Add("mails/s in, until the last was stored and counted", Figures.Text(stored / took.TotalSeconds));
        var most = measured.Requests + (2 * Connections);
        figures.Holds("mails stored of those accepted", stored >= measured.Requests && stored <= most, $"{stored:N0}", $"{measured.Requests:N0} to {most:N0}");
    }

    /// <summary>As the text of a Lua string.</summary>
    static string Mail(int sender)
    {
        var lines = string.Concat(Enumerable.Range(0, 40).Select(line => $"volume {line}: {1000 + (sender * line)} files copied, 0 failed, checksum good\\r\\n"));
        return $"From: backup@db{sender:D2}.example.org\\r\\nTo: desk@example.org\\r\\nSubject: =?utf-8?Q?Backup_f=C3=BCr_db{sender:D2}_done?= :info: :sched-perday-2/1: :org:shop.data.backup:\\r\\n"
            + $"MIME-Version: 1.0\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Transfer-Encoding: 8bit\\r\\n\\r\\n:svr:db{sender:D2}.example.org\\r\\n{lines}";
    }
}
