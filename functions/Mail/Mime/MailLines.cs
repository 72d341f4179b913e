namespace Watchdesk.Mail.Mime;

/// <summary>
/// What is given to the MIME parser. A part costs it far more memory than the few bytes of a line that begins one, and so
/// does a header: a mail of millions of such lines ends where there are more than any mail has.
/// </summary>
static class MailLines
{
    const int MaxCostly = 50_000;

    /// <summary>Of the headers of the mail: decoding one long header costs the square of its length.</summary>
    const int MaxHead = 128 * 1024;

    public static ReadOnlyMemory<byte> Bounded(ReadOnlyMemory<byte> bytes, out bool isCut)
    {
        var start = Begin(bytes.Span);
        var body = WithShortHead(bytes[start..], out isCut);
        var (costly, at) = (0, 0);
        var span = body.Span;
        while (at < span.Length)
        {
            var end = span[at..].IndexOf((byte)'\n');
            var next = end < 0 ? span.Length : at + end + 1;
            if (IsCostly(span[at..next]) && ++costly > MaxCostly)
            {
                isCut = true;
                return body[..at];
            }

            at = next;
        }

        return body;
    }

    /// <summary>Without the header lines that come after the first 128 KiB of them.</summary>
    static ReadOnlyMemory<byte> WithShortHead(ReadOnlyMemory<byte> body, out bool isCut)
    {
        var span = body.Span;
        var (unix, network) = (span.IndexOf("\n\n"u8), span.IndexOf("\n\r\n"u8));
        var end = unix < 0 ? network : network < 0 ? unix : Math.Min(unix, network);
        end = end < 0 ? span.Length - 1 : end;
        isCut = end > MaxHead;
        if (!isCut)
        {
            return body;
        }

        var kept = span[..MaxHead].LastIndexOf((byte)'\n') + 1;
        return (byte[])[.. span[..kept], .. span[(end + 1)..]];
    }

    /// <summary>Behind a byte order mark, empty lines, and the line that a mailbox file puts before a mail.</summary>
    static int Begin(ReadOnlySpan<byte> bytes)
    {
        var start = bytes.StartsWith("\uFEFF"u8) ? 3 : 0;
        start = bytes.Length - bytes[start..].TrimStart("\r\n"u8).Length;
        if (bytes[start..].StartsWith("From "u8) || bytes[start..].StartsWith(">From "u8))
        {
            var end = bytes[start..].IndexOf((byte)'\n');
            start = end < 0 ? bytes.Length : start + end + 1;
        }

        return start;
    }

    /// <summary>It may begin a part or be a header.</summary>
    static bool IsCostly(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("--"u8))
        {
            return true;
        }

        var colon = line[..Math.Min(line.Length, 80)].IndexOf((byte)':');
        return colon > 0 && line[..colon].IndexOfAny((byte)' ', (byte)'\t') < 0;
    }
}
