namespace Watchdesk.Pages;

/// <summary>Lines to copy. The address is the installation's own.</summary>
static class Snippets
{
    public static string Cron(string url, string pingKey) => $"0 3 * * *  backup.sh && curl -fsS --retry 5 \"{url}/ping/{pingKey}/backup?create=1\"";

    public static string Quartz(string url, string key) => $$"""
        var client = new HeartbeatClient(new HeartbeatOptions { Url = "{{url}}", Key = "{{key}}" });
        scheduler.AddWatchdesk(client);
        """;

    public static string Badge(string url, string secret) => $"![status]({url}/badge/{secret})";

    public static string Read(string url, string key) => $"curl -H \"Authorization: Bearer {key}\" \"{url}/api/v1/jobs\"";

    public static string Point(string url, string key) =>
        $$"""curl -H "Authorization: Bearer {{key}}" -d '{"name":"time_taken","namespace":"Recommendation","value":12.5}' "{{url}}/api/v1/metrics" """.TrimEnd();
}
