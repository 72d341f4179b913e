using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Watchdesk.Tests.Support;

namespace Watchdesk.Benchmarks;

/// <summary>
/// From the start of the process, in handler mode, to the first answered request and to the first answered envelope: an
/// empty batch for TakeInbox, so that no storage is waited for. Starts take turns with the least Kestrel's.
/// </summary>
static class ColdStart
{
    const int Starts = 10;

    static readonly byte[] Probe = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    static readonly byte[] Envelope = Post("""{"Data":{"messages":"[]"},"Metadata":{"MessageIdArray":"[]","sys":{"MethodName":"TakeInbox"}}}""");

    public static async Task RunAsync(BenchmarkSettings settings)
    {
        await CompareAsync("coldstart: published folder, ready to run", settings.Of(Starts), await Published.DeskAsync(), await Published.KestrelAsync());
        await CompareAsync("coldstart: one file", settings.Of(Starts), await Published.DeskAsOneFileAsync(), await Published.KestrelAsOneFileAsync());
    }

    static async Task CompareAsync(string title, int starts, string deskProgram, string kestrelProgram)
    {
        var (desk, kestrel) = (new List<Times>(), new List<Times>());
        await StartAsync(deskProgram);
        await StartAsync(kestrelProgram);
        for (var n = 0; n < starts; n++)
        {
            kestrel.Add(await StartAsync(kestrelProgram));
            desk.Add(await StartAsync(deskProgram));
        }

        var figures = new Figures($"{title}, median of {starts}");
        figures.Add("the least Kestrel: first answer", Figures.Text(Median(kestrel, times => times.Answer)) + " ms");
        figures.Add("the least Kestrel: second answer", Figures.Text(Median(kestrel, times => times.Invocation)) + " ms");
        figures.AtMost("the desk: first answer", Median(desk, times => times.Answer), 2 * Median(kestrel, times => times.Answer), " ms");
        figures.AtMost("the desk: first envelope answered", Median(desk, times => times.Invocation), 2 * Median(kestrel, times => times.Invocation), " ms");
    }

    static double Median(List<Times> times, Func<Times, double> of) => times.Select(of).Order().ElementAt(times.Count / 2);

    static async Task<Times> StartAsync(string program)
    {
        var port = ChildProcess.FreePort();
        var since = Stopwatch.GetTimestamp();
        await using var process = ChildProcess.Start(program, [], new Dictionary<string, string>(StringComparer.Ordinal) { ["FUNCTIONS_CUSTOMHANDLER_PORT"] = $"{port}" });
        using var socket = await ConnectAsync(port, process);
        await AskAsync(socket, Probe);
        var answer = Stopwatch.GetElapsedTime(since).TotalMilliseconds;
        await AskAsync(socket, Envelope);
        return new Times(answer, Stopwatch.GetElapsedTime(since).TotalMilliseconds);
    }

    static async Task<Socket> ConnectAsync(int port, ChildProcess process)
    {
        while (true)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync("127.0.0.1", port);
                return socket;
            }
            catch (SocketException) when (!process.HasExited)
            {
                socket.Dispose();
                await Task.Delay(1);
            }
        }
    }

    static async Task AskAsync(Socket socket, byte[] request)
    {
        await socket.SendAsync(request);
        var answer = new byte[4096];
        var text = "";
        while (!IsWhole(text))
        {
            var length = await socket.ReceiveAsync(answer);
            text += length > 0 ? Encoding.ASCII.GetString(answer, 0, length) : throw new InvalidOperationException($"The connection was closed after: {text}");
        }

        // The front page sends who is not signed in to the sign-in page.
        if (!text.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) && !text.StartsWith("HTTP/1.1 302", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"The answer was: {text}");
        }
    }

    static bool IsWhole(string answer) => answer.Contains("\r\nTransfer-Encoding: chunked\r\n", StringComparison.Ordinal)
        ? answer.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal)
        : answer.Contains("\r\n\r\n", StringComparison.Ordinal)
            && (!answer.EndsWith("\r\n\r\n", StringComparison.Ordinal) || answer.Contains("\r\nContent-Length: 0\r\n", StringComparison.Ordinal));

    static byte[] Post(string json) => Encoding.ASCII.GetBytes(
        $"POST /TakeInbox HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}");

    /// <summary>Milliseconds since the process was started.</summary>
    sealed record Times(double Answer, double Invocation);
}
