namespace Watchdesk.Heartbeats;

/// <summary>What a failed run has said.</summary>
/// <param name="At">When the run ended.</param>
/// <param name="Text">Its last 10,000 characters, without control characters but new lines and tabs.</param>
public sealed record JobOutput(DateTimeOffset At, int? ExitStatus, string? Host, string Text)
{
    const int MaxText = 10_000;
    const int MaxLine = 200;

    public static JobOutput Of(RunEvent e, string message) => new(JobOutlook.Instant(e.At), e.ExitStatus, e.Host, Tail(message));

    /// <summary>The last line that is not empty, shortened: where most programs say what was wrong.</summary>
    public string LastLine()
    {
        var line = Text[(Text.LastIndexOf('\n') + 1)..].Replace('\t', ' ').Trim();
        return line.Length <= MaxLine ? line : line[..(MaxLine - (char.IsHighSurrogate(line[MaxLine - 2]) ? 2 : 1))] + "…";
    }

    static string Tail(string message)
    {
        var text = string.Concat(message.ReplaceLineEndings("\n").Where(c => c is '\n' or '\t' || !char.IsControl(c))).TrimEnd();
        var start = Math.Max(0, text.Length - MaxText);
        return text[(start > 0 && char.IsLowSurrogate(text[start]) ? start + 1 : start)..];
    }
}
