using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace SampleScheduler;

/// <param name="Text">The plain text in it, decoded.</param>
/// <param name="Source">As it came over the wire.</param>
public sealed record CaughtMail(DateTimeOffset At, string From, IReadOnlyList<string> To, string Subject, string Text, string Source);

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

    void Keep(string from, List<string> to, string source)
    {
        var subject = Match(source, @"(?im)^Subject:[ ]?(?<found>.*(\n[ \t].*)*)").Replace("\n", "", StringComparison.Ordinal);
        lock (_gate)
        {
            _mails.Enqueue(new CaughtMail(clock.GetUtcNow(), from, to, subject, PlainText(source), source));
            if (_mails.Count > Kept)
            {
                _mails.Dequeue();
            }
        }

        Console.WriteLine($"Mail for {string.Join(", ", to)}: {subject}");
    }

    static string PlainText(string source)
    {
        var encoded = Match(source, @"(?i)text/plain[^\n]*\nContent-Transfer-Encoding: base64\n\n(?<found>[A-Za-z0-9+/=\n]+)").Replace("\n", "", StringComparison.Ordinal);
        var bytes = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : "";
    }

    static string Match(string text, string pattern) =>
        Regex.Match(text, pattern, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["found"].Value;

    static string Address(string line) => line.Split('<', '>') is [_, var address, ..] ? address : "";
}
