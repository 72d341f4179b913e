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
        _written.Add($"{folder}:{Encoding.ASCII.GetString(lines.Span)}");
        var answer = _answers.Dequeue().Task;
        _begun.Release();
        return answer;
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

    Task Add(string line) => _lines.AddAsync("f", Encoding.ASCII.GetBytes(line), default);
}
