using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Watchdesk.Client;

namespace Watchdesk.Tests.Client;

public sealed class EventBufferTests
{
    [Fact]
    public void The_oldest_remark_goes_first_then_the_oldest_misfire_then_the_oldest_run()
    {
        var buffer = new EventBuffer(3, 1_000_000);
        Add(buffer, "run1", EventRank.Run);
        Add(buffer, "remark1", EventRank.Remark);
        Add(buffer, "misfire1", EventRank.Schedule);

        Add(buffer, "run2", EventRank.Run).ShouldBe(1);
        Lines(buffer).ShouldBe(["run1", "misfire1", "run2"]);
    }

    [Fact]
    public void A_remark_gives_way_to_runs_that_wait()
    {
        var buffer = new EventBuffer(2, 1_000_000);
        Add(buffer, "run1", EventRank.Run);
        Add(buffer, "run2", EventRank.Run);

        Add(buffer, "remark", EventRank.Remark).ShouldBe(1);
        Lines(buffer).ShouldBe(["run1", "run2"]);
    }

    [Fact]
    public void A_batch_on_its_way_counts_until_it_is_released()
    {
        var buffer = new EventBuffer(2, 1_000_000);
        Add(buffer, "run1", EventRank.Run);
        var batch = buffer.Take(10, 1_000);
        Add(buffer, "run2", EventRank.Run).ShouldBe(0);
        Add(buffer, "run3", EventRank.Run).ShouldBe(1);

        buffer.Count.ShouldBe(2);
        buffer.Release(batch);
        buffer.Count.ShouldBe(1);
        Lines(buffer).ShouldBe(["run3"]);
    }

    [Fact]
    public void It_never_holds_more_than_it_may_and_keeps_the_order() =>
        Prop.ForAll<(byte Size, byte Rank)[]>(events =>
        {
            var buffer = new EventBuffer(20, 2_000);
            var dropped = 0;
            for (var n = 0; n < events.Length; n++)
            {
                dropped += Add(buffer, $"{n}".PadRight(1 + events[n].Size), (EventRank)(events[n].Rank % 3));
                (buffer.Count <= 20 && buffer.Bytes <= 2_000).ShouldBeTrue();
            }

            var left = Lines(buffer).Select(line => int.Parse(line.Trim())).ToList();
            return left.SequenceEqual(left.Order()) && left.Count + dropped == events.Length;
        }).QuickCheckThrowOnFailure();

    static int Add(EventBuffer buffer, string line, EventRank rank) => buffer.Add(Encoding.UTF8.GetBytes(line), rank);

    static List<string> Lines(EventBuffer buffer) => [.. buffer.Take(int.MaxValue, int.MaxValue).Select(Encoding.UTF8.GetString)];
}
