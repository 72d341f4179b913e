using System.Text;
using Watchdesk.Clients;

namespace Watchdesk.Tests.Clients;

public sealed class GatheredLinesTests
{
    readonly List<string> _written = [];
    readonly Queue<TaskCompletionSource> _answers = new([new(), new(), new()]);
    readonly SemaphoreSlim _begun = new(0);
    readonly GatheredLines _lines;

    public GatheredLinesTests() => _lines = new GatheredLines(8, (folder, lines) =>
    {
        lock (_written)
        {
            _written.Add($"{folder}:{Encoding.ASCII.GetString(lines.Span)}");
            _begun.Release();
            return _answers.Dequeue().Task;
        }
    });

    [Fact]
    public async Task What_comes_while_a_line_is_written_goes_together_and_is_done_together()
    {
        var answers = _answers.ToArray();
        var first = Add("a");
        await _begun.WaitAsync();
        Task[] next = [Add("b"), Add("c")];
        _written.ShouldBe(["f:a"]);

        answers[0].SetResult();
        await first;
        await _begun.WaitAsync();
        _written.ShouldBe(["f:a", "f:bc"]);
        next.ShouldAllBe(task => !task.IsCompleted);
        answers[1].SetException(new IOException("Away."));
        foreach (var task in next)
        {
            await Should.ThrowAsync<IOException>(task);
        }

        answers[2].SetResult();
        await Add("d");
        _written[^1].ShouldBe("f:d");
    }

    [Fact]
    public async Task A_block_holds_no_more_than_it_may_and_one_folder()
    {
        foreach (var answer in _answers)
        {
            answer.SetResult();
        }

        await Task.WhenAll(Add("12345"), Add("67890"), _lines.AddAsync("g", "1"u8.ToArray(), default));

        _written.Count.ShouldBe(3);
        string.Concat(_written.Order(StringComparer.Ordinal)).ShouldBe("f:12345f:67890g:1");
    }

    [Fact]
    public async Task A_folder_that_is_slow_and_fails_holds_up_no_other()
    {
        var answers = _answers.ToArray();
        var slow = Add("a");
        await _begun.WaitAsync();
        var waits = Add("b");
        answers[1].SetResult();

        await _lines.AddAsync("g", "1"u8.ToArray(), default);

        _written.ShouldBe(["f:a", "g:1"]);
        answers[0].SetException(new IOException("Away."));
        answers[2].SetResult();
        await Should.ThrowAsync<IOException>(slow);
        await waits;
        _written[^1].ShouldBe("f:b");
    }

    Task Add(string line) => _lines.AddAsync("f", Encoding.ASCII.GetBytes(line), default);
}
