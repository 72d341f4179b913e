using System.Security.Cryptography;
using System.Text;
using Watchdesk.Clients;
using Watchdesk.Notices;

namespace Watchdesk.Incidents;

/// <summary>A signal with the key of its subject's row.</summary>
public sealed record KeyedSignal(string Key, Signal Signal);

/// <summary>Signals as they may be stored: bounded, without control characters, the newest of each subject, the worst first.</summary>
public static class SignalList
{
    public const int MaxSubject = 512;
    const int MaxName = 200;
    const int MaxReason = 1000;

    public static IReadOnlyList<KeyedSignal> Tidy(IReadOnlyList<Signal> signals)
    {
        ArgumentNullException.ThrowIfNull(signals);
        var newest = new Dictionary<string, Signal>(signals.Count, StringComparer.Ordinal);
        foreach (var signal in signals)
        {
            if (!newest.TryGetValue(signal.Subject, out var known) || known.Turn < signal.Turn)
            {
                newest[signal.Subject] = signal;
            }
        }

        return
        [
            .. newest.Values.Select(signal => new KeyedSignal(Keys.Hash(signal.Subject), Tidy(signal)))
                .OrderByDescending(item => Grouping.EffectiveSeverity(item.Signal) is { } severity ? (int)severity : -1).ThenBy(item => item.Key, StringComparer.Ordinal),
        ];
    }

    /// <summary>To ask what is known of these subjects.</summary>
    public static IReadOnlyList<KeyedSignal> Of(IEnumerable<string> subjects) =>
        [.. subjects.Distinct(StringComparer.Ordinal).Select(subject => new KeyedSignal(Keys.Hash(subject), new Signal(subject, "", 0, null, "", default)))];

    /// <summary>The same for the same signals, whatever their order was.</summary>
    public static string Fingerprint(IEnumerable<KeyedSignal> signals)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> turn = stackalloc byte[8];
        foreach (var item in signals)
        {
            hash.AppendData(Encoding.ASCII.GetBytes(item.Key));
            BitConverter.TryWriteBytes(turn, item.Signal.Turn);
            hash.AppendData(turn);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    static Signal Tidy(Signal signal) => signal with
    {
        Subject = Clean(signal.Subject, MaxSubject),
        Name = Clean(signal.Name, MaxName),
        Reason = Clean(signal.Reason, MaxReason),
        Host = signal.Host is null ? null : Clean(signal.Host, 64),
        Link = signal.Link is null ? null : Clean(signal.Link, 500),
        Advice = signal.Advice is null ? null : Clean(signal.Advice, 500),
        Org = signal.Org is { Length: > 0 } org ? Clean(org, 200).ToLowerInvariant() : null,
        Mails = signal.Mails?.Take(SignalRecord.MaxMails).ToList(),
    };

    public static string Clean(string text, int max)
    {
        ArgumentNullException.ThrowIfNull(text);
        var clean = text.AsSpan().IndexOfAnyInRange('\0', '\u001f') < 0 && !text.Contains('\u007f', StringComparison.Ordinal) ? text : string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return NoticeText.Shorten(clean, max);
    }
}
