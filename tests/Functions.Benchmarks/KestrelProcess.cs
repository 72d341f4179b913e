using System.Net.Sockets;
using Watchdesk.Tests.Support;

namespace Watchdesk.Benchmarks;

/// <summary>The least Kestrel, serving.</summary>
sealed class KestrelProcess : IAsyncDisposable
{
    readonly ChildProcess _process;

    KestrelProcess(ChildProcess process, string url) => (_process, Url) = (process, url);

    public string Url { get; }

    public int Pid => _process.Id;

    public static async Task<KestrelProcess> StartAsync()
    {
        var port = ChildProcess.FreePort();
        var process = ChildProcess.Start(await Published.KestrelAsync(), [$"{port}"]);
        await ListeningAsync(port);
        return new KestrelProcess(process, $"http://127.0.0.1:{port}");
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    static async Task ListeningAsync(int port)
    {
        for (var tries = 0; ; tries++)
        {
            using var socket = new TcpClient();
            try
            {
                await socket.ConnectAsync("127.0.0.1", port);
                return;
            }
            catch (SocketException) when (tries < 600)
            {
                await Task.Delay(50);
            }
        }
    }
}
