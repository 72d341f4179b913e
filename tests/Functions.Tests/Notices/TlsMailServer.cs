using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Notices;

/// <summary>Debian's python3-aiosmtpd with STARTTLS and a certificate that it has signed itself.</summary>
sealed class TlsMailServer : IAsyncDisposable
{
    readonly DirectoryInfo folder;
    readonly ChildProcess process;

    TlsMailServer(DirectoryInfo folder, ChildProcess process, int port) => (this.folder, this.process, Port) = (folder, process, port);

    public int Port { get; }

    public static async Task<TlsMailServer> StartAsync()
    {
        var directory = Directory.CreateTempSubdirectory("watchdesk-tls-");
        var (certificate, key) = (Path.Combine(directory.FullName, "c.pem"), Path.Combine(directory.FullName, "k.pem"));
        using (var rsa = RSA.Create(2048))
        {
            var request = new CertificateRequest("CN=127.0.0.1", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            var now = DateTimeOffset.UtcNow;
            using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
            await File.WriteAllTextAsync(certificate, made.ExportCertificatePem());
            await File.WriteAllTextAsync(key, rsa.ExportPkcs8PrivateKeyPem());
        }

        var port = ChildProcess.FreePort();
        var child = ChildProcess.Start(
            "/usr/bin/python3", ["-m", "aiosmtpd", "-n", "-l", $"127.0.0.1:{port}", "--tlscert", certificate, "--tlskey", key, "-c", "aiosmtpd.handlers.Sink"]);
        var server = new TlsMailServer(directory, child, port);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync("127.0.0.1", port);
                return server;
            }
            catch (SocketException) when (attempt < 100 && !child.HasExited)
            {
                await Task.Delay(100);
            }
            catch (SocketException error)
            {
                throw new InvalidOperationException($"aiosmtpd does not listen; python3-aiosmtpd must be installed:\n{child.Output}", error);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
