using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Contracts;

/// <summary>Plays the Functions host towards a handler process, by the contract and without a line of our own host.</summary>
public sealed class PlayedHost : IAsyncDisposable
{
    static readonly TimeSpan InitializationTimeout = TimeSpan.FromMinutes(1);
    static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(25);

    readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = true, UseCookies = false }) { Timeout = TimeSpan.FromMinutes(11) };
    readonly HttpClient proxy = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });
    readonly string root;
    readonly IReadOnlyDictionary<string, string> settings;

    PlayedHost(string root, IReadOnlyDictionary<string, string> settings) => (this.root, this.settings) = (root, settings);

    public ChildProcess Process { get; private set; } = null!;

    public int Port { get; private set; }

    /// <summary>From the start of the process to the first HTTP answer.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    /// <param name="settings">App settings, which are in the process's environment like everything of the host's own.</param>
    public static async Task<PlayedHost> StartAsync(string root, params (string Name, string Value)[] settings)
    {
        var host = new PlayedHost(root, settings.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal));
        await host.StartHandlerAsync();
        return host;
    }

    /// <summary>Contract 2.1 and 2.2.</summary>
    public async Task StartHandlerAsync()
    {
        var description = JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(root, "host.json"))).GetProperty("customHandler").GetProperty("description");
        Port = ChildProcess.FreePort();
        var watch = Stopwatch.StartNew();
        Process = ChildProcess.Start(Path.Combine(root, description.GetProperty("defaultExecutablePath").GetString()!), [], Environment(Port));
        while (!await AnswersAsync())
        {
            Process.HasExited.ShouldBeFalse(Process.Output);
            watch.Elapsed.ShouldBeLessThan(InitializationTimeout, Process.Output);
            await Task.Delay(ProbeInterval);
        }

        ReadyAfter = watch.Elapsed;
    }

    /// <summary>Contract 4.1 and 5.1: posts an envelope and says whether the host would count it as done.</summary>
    public async Task<(bool IsDone, int Status, string Body)> InvokeAsync(string function, string envelope)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{Port}/{function}") { Content = new StringContent(envelope, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Azure-Functions-InvocationId", Guid.NewGuid().ToString());
        request.Headers.Add("X-Azure-Functions-HostVersion", "4.1052.200.26180");
        request.Headers.TryAddWithoutValidation("User-Agent", "Azure-Functions-Host/4.1052.200.26180");
        using var answer = await http.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        var isObject = body.Length > 0 && answer.Content.Headers.ContentType?.MediaType == "application/json" && JsonElement.Parse(body).ValueKind == JsonValueKind.Object;
        return (answer.IsSuccessStatusCode && isObject, (int)answer.StatusCode, body);
    }

    /// <summary>Contract 6.3: a public request, as the proxy passes it on.</summary>
    public async Task<HttpResponseMessage> ProxyAsync(HttpMethod method, string pathAndQuery, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, $"http://127.0.0.1:{Port}{pathAndQuery}") { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Headers.Add("X-Azure-Functions-InvocationId", Guid.NewGuid().ToString());
        request.Headers.Add("X-Azure-Functions-HostVersion", "4.1052.200.26180");
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", "203.0.113.7");
        request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", "https");
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", "desk.example.org");
        request.Headers.TryAddWithoutValidation("X-Forwarded-Prefix", "/");
        return await proxy.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        http.Dispose();
        proxy.Dispose();
    }

    Dictionary<string, string> Environment(int port) => new(settings, StringComparer.Ordinal)
    {
        ["FUNCTIONS_CUSTOMHANDLER_PORT"] = $"{port}",
        ["FUNCTIONS_HTTPWORKER_PORT"] = $"{port}",
        ["FUNCTIONS_CUSTOMHANDLER_WORKER_ID"] = "5f0c1f5e-7a67-4a55-a3f1-7b8e4a1c9d11",
        ["FUNCTIONS_HTTPWORKER_ID"] = "5f0c1f5e-7a67-4a55-a3f1-7b8e4a1c9d11",
        ["FUNCTIONS_APP_ROOT_PATH"] = root,
        ["FUNCTIONS_WORKER_RUNTIME"] = "custom",
        ["ASPNETCORE_URLS"] = "http://+:80",
        ["ASPNETCORE_HTTP_PORTS"] = "8080",
        ["ASPNETCORE_PREFERHOSTINGURLS"] = "true",
        ["ASPNETCORE_ENVIRONMENT"] = "Development",
        ["ASPNETCORE_CONTENTROOT"] = "/nowhere",
        ["DOTNET_URLS"] = "http://+:81",
        ["URLS"] = "http://+:82",
        ["Kestrel__Endpoints__Inherited__Url"] = "http://+:83",
    };

    async Task<bool> AnswersAsync()
    {
        try
        {
            using var answer = await proxy.GetAsync(new Uri($"http://127.0.0.1:{Port}/"));
            return true;
        }
        catch (HttpRequestException error) when (error.InnerException is SocketException)
        {
            return false;
        }
    }
}
