using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SampleScheduler;

/// <summary>A mail as it came over the wire.</summary>
public sealed record CaughtMail(DateTimeOffset At, string From, IReadOnlyList<string> To, string Subject, string Text);

/// <summary>A mail server on the loopback that delivers nothing: it keeps the last 100 mails to be looked at.</summary>
public sealed class MailCatcher(int port, TimeProvider clock) : BackgroundService
{
    const int Kept = 100;
    const int MaxCharacters = 1_000_000;

    readonly Lock _gate = new();
    readonly Queue<CaughtMail> _mails = new();
    readonly TcpListener _listener = new(IPAddress.Loopback, port);

    /// <summary>Newest first.</summary>
    public IReadOnlyList<CaughtMail> Mails
    {
        get
        {
            lock (_gate)
            {
                return [.. _mails.Reverse()];
            }
        }
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _listener.Start();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            _ = TalkAsync(await _listener.AcceptTcpClientAsync(stoppingToken), stoppingToken);
        }
    }

    public override void Dispose()
    {
        _listener.Dispose();
        base.Dispose();
    }

    async Task TalkAsync(TcpClient client, CancellationToken stoppingToken)
    {
        using var _ = client;
        try
        {
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.UTF8);
            await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
            await writer.WriteLineAsync("220 mail catcher of the sample scheduler");
            await AnswerAsync(reader, writer, stoppingToken);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The other side went away, or we do.
        }
    }

    async Task AnswerAsync(StreamReader reader, StreamWriter writer, CancellationToken stoppingToken)
    {
        var (from, to) = ("", new List<string>());
        while (await reader.ReadLineAsync(stoppingToken) is { } line)
        {
            var verb = line.Split([' ', ':'], 2)[0].ToUpperInvariant();
            switch (verb)
            {
                case "MAIL":
                    (from, to) = (Address(line), []);
                    break;
                case "RCPT":
                    to.Add(Address(line));
                    break;
                case "DATA":
                    await writer.WriteLineAsync("354 go on, end with a dot");
                    Keep(from, to, await ReadMailAsync(reader, stoppingToken));
                    break;
            }

            await writer.WriteLineAsync(verb switch
            {
                "QUIT" => "221 bye",
                "HELO" or "EHLO" or "MAIL" or "RCPT" or "DATA" or "RSET" or "NOOP" => "250 OK",
                _ => "502 not known here",
            });
            if (verb == "QUIT")
            {
                return;
            }
        }
    }

    static async Task<string> ReadMailAsync(StreamReader reader, CancellationToken stoppingToken)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(stoppingToken) is { } line && line != ".")
        {
            if (text.Length < MaxCharacters)
            {
                text.Append(line.StartsWith('.') ? line[1..] : line).Append('\n');
            }
        }

        return text.ToString();
    }

    void Keep(string from, List<string> to, string text)
    {
        var subject = text.Split('\n').FirstOrDefault(line => line.StartsWith("Subject:", StringComparison.OrdinalIgnoreCase))?["Subject:".Length..].Trim() ?? "";
        lock (_gate)
        {
            _mails.Enqueue(new CaughtMail(clock.GetUtcNow(), from, to, subject, text));
            if (_mails.Count > Kept)
            {
                _mails.Dequeue();
            }
        }

        Console.WriteLine($"Mail for {string.Join(", ", to)}: {subject}");
    }

    static string Address(string line) => line.Split('<', '>') is [_, var address, ..] ? address : "";
}
