using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Watchdesk.Hosting.Embedded;

/// <summary>What a person would enter before a demo, entered over the API: two jobs with a short grace, and where mail goes.</summary>
sealed class DemoSetUp : IDisposable
{
    const string ChannelName = "Demo mail catcher";

    readonly HttpClient _http;
    readonly LineLog _lines;

    public DemoSetUp(string url, string key, LineLog lines)
    {
        _lines = lines;
        _http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(30) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The scheduler would make them by itself, with the usual grace of 10 minutes: too long to watch.</summary>
    public async Task AddJobsAsync(CancellationToken cancellationToken)
    {
        foreach (var (slug, name) in new[] { ("send-notifications", "Send notifications"), ("nightly-backup", "Nightly backup") })
        {
            using var answer = await SendAsync(
                HttpMethod.Post,
                "/api/v1/jobs",
                $$$"""{"name":"{{{name}}}","slug":"{{{slug}}}","schedule":{"declared":true,"grace":"00:00:20"},"budgets":{"tooLong":"00:00:30"}}""",
                cancellationToken);
            Expect(answer, HttpStatusCode.Created, HttpStatusCode.Conflict);
        }
    }

    /// <summary>The catcher's port is another one at each start.</summary>
    public async Task AddMailChannelAsync(int port, CancellationToken cancellationToken)
    {
        var body = $$$"""
            {"kind":"mail","name":"{{{ChannelName}}}","minSeverity":"warning","settings":{"host":"127.0.0.1","port":{{{port}}},"startTls":false,"from":"watchdesk@demo.example","to":["on-call@demo.example"]}}
            """;
        var id = await FindChannelAsync(cancellationToken);
        using var answer = id is null
            ? await SendAsync(HttpMethod.Post, "/api/v1/channels", body, cancellationToken)
            : await SendAsync(HttpMethod.Put, $"/api/v1/channels/{id}", body, cancellationToken);
        Expect(answer, HttpStatusCode.Created, HttpStatusCode.OK);
    }

    async Task<string?> FindChannelAsync(CancellationToken cancellationToken)
    {
        using var channels = JsonDocument.Parse(await _http.GetByteArrayAsync(new Uri("/api/v1/channels", UriKind.Relative), cancellationToken));
        var known = channels.RootElement.GetProperty("items").EnumerateArray().FirstOrDefault(channel => channel.GetProperty("name").ValueEquals(ChannelName));
        return known.ValueKind == JsonValueKind.Object ? known.GetProperty("id").GetString() : null;
    }

    async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        return await _http.SendAsync(request, cancellationToken);
    }

    /// <summary>A demo that lacks something is still one.</summary>
    void Expect(HttpResponseMessage answer, params HttpStatusCode[] expected)
    {
        if (!expected.Contains(answer.StatusCode))
        {
            _lines.Say($"Demo: {answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri!.AbsolutePath} answered {(int)answer.StatusCode}.");
        }
    }
}
