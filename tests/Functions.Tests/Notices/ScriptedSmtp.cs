using System.Net;
using System.Net.Sockets;

namespace Watchdesk.Tests.Notices;

/// <summary>An SMTP server that answers each command as a test wants, for what a real one does seldom.</summary>
sealed class ScriptedSmtp : IDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly Func<string, string?> answer;

    /// <param name="answer">Reply to a command; null for the usual one.</param>
    public ScriptedSmtp(Func<string, string?> answer)
    {
        this.answer = answer;
        listener.Start();
        _ = ServeAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public void Dispose() => listener.Dispose();

    async Task ServeAsync()
    {
        using var client = await listener.AcceptTcpClientAsync();
        using var reader = new StreamReader(client.GetStream());
        await using var writer = new StreamWriter(client.GetStream()) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 test");
        var isData = false;
        while (await reader.ReadLineAsync() is { } line)
        {
            if (isData && line != ".")
            {
                continue;
            }

            var command = isData ? "." : line;
            var reply = answer(command) ?? Usual(command);
            isData = command.StartsWith("DATA", StringComparison.Ordinal) && reply.StartsWith('3');
            await writer.WriteLineAsync(reply);
        }
    }

    static string Usual(string command) => command.Split(' ')[0] switch { "DATA" => "354 go on", "QUIT" => "221 bye", _ => "250 ok" };
}
