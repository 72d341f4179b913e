using Watchdesk.Hosting.Embedded.Orchestrations;

namespace Watchdesk.Tests.Hosting.Durable;

public sealed class InstanceGatesTests : IDisposable
{
    readonly InstanceGates gates = new();
    readonly List<TaskCompletionSource<bool?>> looks = [];

    public void Dispose() => gates.Dispose();

    [Fact]
    public async Task A_look_is_also_that_of_who_came_before_it_began()
    {
        var first = PassAsync("main:1");
        Task<bool>[] next = [PassAsync("main:1"), PassAsync("main:1"), PassAsync("main:1")];
        looks.Count.ShouldBe(1);
        looks[0].SetResult(true);
        (await first).ShouldBeTrue();
        await LookedAsync(2);
        looks[1].SetResult(null);
        await LookedAsync(3);
        next.ShouldAllBe(task => !task.IsCompleted);

        looks[2].SetResult(true);

        (await Task.WhenAll(next)).ShouldBe([true, true, true]);
        looks.Count.ShouldBe(3);
        _ = PassAsync("main:1");
        await LookedAsync(4);
    }

    [Fact]
    public async Task Who_could_not_do_it_looks_for_nobody_else()
    {
        var (first, second, third) = (PassAsync("main:1"), PassAsync("main:1"), PassAsync("main:1"));
        looks[0].SetResult(true);
        await first;
        await LookedAsync(2);
        looks[1].SetResult(false);
        (await second).ShouldBeFalse();
        await LookedAsync(3);
        looks[2].SetException(new IOException("Away."));

        await Should.ThrowAsync<IOException>(third);
    }

    Task<bool> PassAsync(string id) => gates.PassAsync(id, () =>
    {
        var look = new TaskCompletionSource<bool?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (looks)
        {
            looks.Add(look);
        }

        return look.Task;
    }, default);

    /// <summary>The gate passes from one to the next on another thread.</summary>
    async Task LookedAsync(int times)
    {
        while (true)
        {
            lock (looks)
            {
                if (looks.Count >= times)
                {
                    return;
                }
            }

            await Task.Yield();
        }
    }
}
