namespace Watchdesk.Tests.Support;

/// <summary>The desk as somebody starts it on a machine: its own process, its own storage, a port on the loopback.</summary>
public sealed class DeskProcess : IAsyncDisposable
{
    public const string Password = "correct horse";

    static readonly TimeSpan ReadyLimit = TimeSpan.FromMinutes(3);

    DeskProcess(ChildProcess process, string url) => (Process, Url) = (process, url);

    public ChildProcess Process { get; }

    public string Url { get; }

    /// <summary>Returns when the desk says that it is ready.</summary>
    public static Task<DeskProcess> StartAsync(string dataFolder, int port, params string[] switches) => StartAsync(dataFolder, port, switches, environment: null);

    public static async Task<DeskProcess> StartAsync(string dataFolder, int port, string[] switches, IReadOnlyDictionary<string, string>? environment)
    {
        var process = ChildProcess.Start("dotnet", [Program(), "--port", $"{port}", "--data", dataFolder, "--admin-password", Password, .. switches], environment);
        try
        {
            await process.LineAsync("Watchdesk is ready at", ReadyLimit);
            return new DeskProcess(process, $"http://127.0.0.1:{port}");
        }
        catch (InvalidOperationException)
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client that is signed in as the first admin.</summary>
    public HttpClient Client()
    {
        var credential = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"admin:{Password}"));
        return new HttpClient { BaseAddress = new Uri(Url), DefaultRequestHeaders = { { "Authorization", $"Basic {credential}" } } };
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    /// <summary>What <c>dotnet run --project functions</c> starts, in the configuration that the tests were built in.</summary>
    static string Program()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        return Repository.At($"functions/bin/{output.Parent!.Name}/{output.Name}/watchdesk.dll");
    }
}
