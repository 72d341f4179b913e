using System.Text;

namespace Watchdesk.Tests.Fuzz;

/// <summary>Makes hostile input out of good input; the same seed makes the same input again.</summary>
public sealed class Mutator(int seed)
{
    const int LongestResult = 60_000;

    static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "null", "true", "[]", "{}", "\"\"", "-1", "0", "1e999", "-0.0", "99999999999999999999999", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z",
            "2026-02-30T25:61:61+99:00", "P1D", "-00:00:01", "10675199.02:48:05", "* * * * *", "0 0 31 2 *", "Europe/Berlin", "../../..", "%00", "%2f%2e%2e", "~", "/", "?", "#",
            "\\u0000", "\\ud800", "\u202e", "é", "\U0001F525", "\0", "\r\nX-Evil: 1", "<script>", "'; --", "{\"a\":{\"a\":{\"a\":{}}}}", "\"job\":", "\"runId\":", ",,", "::", "\\",
        }.Select(Encoding.UTF8.GetBytes),
        [0xff, 0xfe, 0xfd], [0xc3, 0x28], [0xed, 0xa0, 0x80],
        Encoding.ASCII.GetBytes(new string('[', 500)), Encoding.ASCII.GetBytes(new string('a', 5_000)), Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 200))),
    ];

    readonly Random _random = new(seed);

    public T Pick<T>(IReadOnlyList<T> choices) => choices[_random.Next(choices.Count)];

    public bool Chance(double probability) => _random.NextDouble() < probability;

    public byte[] Mutate(IReadOnlyList<string> samples)
    {
        var bytes = new List<byte>(Encoding.UTF8.GetBytes(Pick(samples)));
        for (var left = _random.Next(6); left > 0; left--)
        {
            Step(bytes, samples);
        }

        return [.. bytes.Take(LongestResult)];
    }

    /// <summary>Text that can stand in a request line: what a server would have let through.</summary>
    public string MutateText(IReadOnlyList<string> samples) => Encoding.UTF8.GetString(Mutate(samples)).Replace('\0', '0').ReplaceLineEndings("_");

    void Step(List<byte> bytes, IReadOnlyList<string> samples)
    {
        var at = _random.Next(bytes.Count + 1);
        var length = Math.Min(_random.Next(1, 24), bytes.Count - at);
        switch (_random.Next(8))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 4:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 5:
                bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pick(samples)).Skip(_random.Next(20)));
                break;
            case 6:
                Replace(bytes, at);
                break;
            default:
                bytes.InsertRange(at, Pick(Tokens));
                break;
        }
    }

    /// <summary>Puts a token in the place of the value that stands at or after <paramref name="at"/>.</summary>
    void Replace(List<byte> bytes, int at)
    {
        var start = bytes.IndexOf((byte)':', at);
        if (start < 0)
        {
            return;
        }

        var end = bytes.FindIndex(start, b => b is (byte)',' or (byte)'}' or (byte)']');
        bytes.RemoveRange(start + 1, Math.Max(0, (end < 0 ? bytes.Count : end) - start - 1));
        bytes.InsertRange(start + 1, Pick(Tokens));
    }
}
