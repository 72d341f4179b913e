using System.Net.Sockets;

namespace Watchdesk.Tests.Support;

/// <summary>Debian's python3-aiosmtpd on a free port; what it receives is kept in a Maildir.</summary>
public sealed class MailServer : IAsyncDisposable
{
    readonly ChildProcess _process;
    readonly DirectoryInfo _folder;

    MailServer(ChildProcess process, DirectoryInfo folder, int port) => (_process, _folder, Port) = (process, folder, port);

    public int Port { get; }

    public static async Task<MailServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("watchdesk-mail-");
        var port = ChildProcess.FreePort();
        var process = ChildProcess.Start(
            "/usr/bin/python3", ["-m", "aiosmtpd", "-n", "-l", $"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Mailbox", Path.Combine(folder.FullName, "mail")]);
        var server = new MailServer(process, folder, port);
        await server.WaitUntilItListensAsync();
        return server;
    }

    /// <summary>Every mail so far, as it came over the wire.</summary>
    public IReadOnlyList<string> Mails
    {
        get
        {
            var received = new DirectoryInfo(Path.Combine(_folder.FullName, "mail", "new"));
            return received.Exists ? [.. received.EnumerateFiles().OrderBy(file => file.LastWriteTimeUtc).Select(file => File.ReadAllText(file.FullName))] : [];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    async Task WaitUntilItListensAsync()
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync("127.0.0.1", Port);
                return;
            }
            catch (SocketException) when (attempt < 100 && !_process.HasExited)
            {
                await Task.Delay(100);
            }
            catch (SocketException error)
            {
                throw new InvalidOperationException($"aiosmtpd does not listen; tests/run installs it:\n{_process.Output}", error);
            }
        }
    }
}
