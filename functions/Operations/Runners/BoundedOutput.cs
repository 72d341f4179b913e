using System.Text;

namespace Watchdesk.Operations.Runners;

/// <summary>What a program writes: the beginning and the end of each of its two streams, and how much there was.</summary>
/// <param name="most">More than this and the program is told to stop.</param>
sealed class BoundedOutput(int most, Action stop)
{
    const int Kept = StepResult.MaxOutput / 2;

    readonly StreamEnds answer = new();
    readonly StreamEnds complaint = new();
    int written;

    public bool IsTooMuch => written > most;

    /// <summary>What it wrote, then what it complained of.</summary>
    public string Text => complaint.IsEmpty ? answer.Text : answer.IsEmpty ? complaint.Text : $"{answer.Text.TrimEnd()}\n{complaint.Text}";

    /// <summary>Until the end of the stream, or until told that nobody waits for it any more.</summary>
    public async Task ReadAsync(StreamReader reader, bool isError, CancellationToken noMore)
    {
        var buffer = new char[4096];
        try
        {
            for (int length; (length = await reader.ReadAsync(buffer, noMore)) > 0;)
            {
                (isError ? complaint : answer).Add(buffer.AsSpan(0, length));
                if (Interlocked.Add(ref written, length) > most)
                {
                    stop();
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // A process that has left the tree still holds the pipe; what it writes is nobody's answer.
        }
    }

    sealed class StreamEnds
    {
        readonly StringBuilder head = new();
        readonly StringBuilder tail = new();
        long left;

        public bool IsEmpty => head.Length == 0;

        public string Text => tail.Length == 0 ? head.ToString() : left == 0 ? $"{head}{tail}" : $"{head}\n… cut here: {left} characters are left out …\n{tail}";

        public void Add(ReadOnlySpan<char> text)
        {
            var first = Math.Min(text.Length, Kept - head.Length);
            head.Append(text[..first]);
            tail.Append(text[first..]);
            if (tail.Length > 2 * Kept)
            {
                left += tail.Length - Kept;
                tail.Remove(0, tail.Length - Kept);
            }
        }
    }
}
