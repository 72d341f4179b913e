namespace Watchdesk.Pages;

/// <summary>Lines to copy. The address is the installation's own.</summary>
static class Snippets
{
    public static string Cron(string url, string pingKey) => $"0 3 * * *  backup.sh && curl -fsS --retry 5 \"{url}/ping/{pingKey}/backup?create=1\"";

    public static string Curl(string ping) => $"curl -fsS --retry 3 \"{ping}\"";

    /// <summary>The exit status of the command tells whether it failed.</summary>
    public static string CronOf(string ping, string? cron) => $"{cron ?? "0 3 * * *"}  backup.sh; curl -fsS --retry 3 -o /dev/null \"{ping}/$?\"";

    public static string Run(string url, string slug) => $"WATCHDESK_KEY=wd_… watchdesk run --url {url} --job {slug} -- backup.sh";

    public static string PowerShell(string ping) => $"& .\\backup.exe; Invoke-RestMethod \"{ping}/$LASTEXITCODE\"";

    public static string Quartz(string url, string key) => $$"""
        var client = new HeartbeatClient(new HeartbeatOptions { Url = "{{url}}", Key = "{{key}}" });
        scheduler.AddWatchdesk(client);
        """;

    public static string Mail(string url, string key) => $"""
        (echo "Subject: Backup of db1 done :info: :sched-perday-2:"; echo; backup.sh) | curl -fsS --data-binary @- -H "Authorization: Bearer {key}" "{url}/api/v1/mail"
        """;

    public static string Badge(string url, string secret) => $"![status]({url}/badge/{secret})";

    public static string Read(string url, string key) => $"curl -H \"Authorization: Bearer {key}\" \"{url}/api/v1/jobs\"";

    public static string Point(string url, string key) =>
        $$"""curl -H "Authorization: Bearer {{key}}" -d '{"name":"time_taken","namespace":"Recommendation","value":12.5}' "{{url}}/api/v1/metrics" """.TrimEnd();
}
