using System.Net.Sockets;
using System.Text;

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

    /// <summary>Every mail so far as a person reads it: the subject, then the plain text.</summary>
    public IReadOnlyList<string> Texts => [.. Mails.Select(Read)];

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    static string Read(string mail)
    {
        var lines = mail.ReplaceLineEndings("\n").Replace("\n ", " ", StringComparison.Ordinal).Split('\n');
        var part = lines.SkipWhile(line => !line.StartsWith("Content-Type: text/plain", StringComparison.Ordinal)).ToList();
        var body = part.SkipWhile(line => line.Length > 0).Skip(1).TakeWhile(line => !line.StartsWith("--", StringComparison.Ordinal)).ToList();
        var text = part.Contains("Content-Transfer-Encoding: base64", StringComparer.Ordinal)
            ? Encoding.UTF8.GetString(Convert.FromBase64String(string.Concat(body)))
            : string.Join('\n', body);
        return $"{lines.First(line => line.StartsWith("Subject: ", StringComparison.Ordinal))}\n{text}";
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
