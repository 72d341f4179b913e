using Watchdesk.Incidents;
using Watchdesk.Notices;
using Watchdesk.Tests.Incidents;

namespace Watchdesk.Tests.Notices;

public sealed class NoticeSenderTests
{
    readonly IncidentBench bench = new();

    [Fact]
    public async Task A_failure_that_may_pass_is_tried_again_later_and_later()
    {
        await bench.AddChannelAsync();
        bench.Sent.Answer = _ => SendResult.Later("Answered 503.");
        await bench.TellAsync(A.Bad("a"));
        await bench.SendAsync();

        var first = (await bench.DeliveriesAsync()).ShouldHaveSingleItem();
        (first.State, first.Tries, first.LastError, first.NextAt - bench.Now).ShouldBe((DeliveryState.Waiting, 1, "Answered 503.", TimeSpan.FromSeconds(30)));

        await bench.TickAsync(TimeSpan.FromSeconds(15));
        await bench.SendAsync();
        bench.Sent.Messages.Count.ShouldBe(1);

        await bench.TickAsync(TimeSpan.FromSeconds(15));
        await bench.SendAsync();
        bench.Sent.Messages.Count.ShouldBe(2);
        bench.Sent.Messages.Select(message => message.Key).Distinct().Count().ShouldBe(1);

        bench.Sent.Answer = _ => SendResult.Sent("Answered 200.");
        await bench.TickAsync(TimeSpan.FromMinutes(1));
        await bench.SendAsync();
        (await bench.DeliveriesAsync())[0].State.ShouldBe(DeliveryState.Sent);
        await bench.TickAsync(TimeSpan.FromMinutes(5));
        bench.Tables.Rows("due").ShouldNotContain(row => row.RowKey.Contains("~notice~main~"));
    }

    [Fact]
    public async Task After_a_day_it_has_failed_and_the_history_says_why()
    {
        await bench.AddChannelAsync();
        bench.Sent.Answer = _ => SendResult.Later("Answered 503.");
        await bench.TellAsync(A.Bad("a"));
        for (var i = 0; i < 60 && (await bench.DeliveriesAsync())[0].State == DeliveryState.Waiting; i++)
        {
            await bench.SendAsync();
            await bench.TickAsync(TimeSpan.FromMinutes(61));
        }

        var delivery = (await bench.DeliveriesAsync())[0];
        delivery.State.ShouldBe(DeliveryState.Failed);
        delivery.Tries.ShouldBeInRange(20, 30);
        (await bench.StoryAsync((await bench.OnlyAsync()).Id))[0].Text.ShouldBe("Not sent to ops (note): Given up after 1 d. Answered 503.");
    }

    [Fact]
    public async Task What_the_other_side_asks_for_is_waited_for()
    {
        await bench.AddChannelAsync();
        bench.Sent.Answer = _ => SendResult.Later("Answered 429.", TimeSpan.FromMinutes(7));
        await bench.TellAsync(A.Bad("a"));
        await bench.SendAsync();

        ((await bench.DeliveriesAsync())[0].NextAt - bench.Now).ShouldBe(TimeSpan.FromMinutes(7));
    }

    [Fact]
    public async Task A_broken_channel_fails_at_once_and_says_so_until_it_works_again()
    {
        var id = await bench.AddChannelAsync();
        bench.Sent.Answer = _ => SendResult.Never("Answered 410: gone.", isChannelBroken: true);
        await bench.TellAsync(A.Bad("a"));
        await bench.SendAsync();

        (await bench.DeliveriesAsync())[0].State.ShouldBe(DeliveryState.Failed);
        (await bench.Channels.GetAsync(IncidentBench.Tenant, id, default))!.Problem.ShouldBe("Answered 410: gone.");

        bench.Sent.Answer = _ => SendResult.Sent("Answered 200.");
        await bench.TellAsync(A.Bad("b"));
        await bench.SendAsync();
        (await bench.Channels.GetAsync(IncidentBench.Tenant, id, default))!.Problem.ShouldBeEmpty();
    }

    [Fact]
    public async Task One_message_a_second_goes_through_a_channel()
    {
        await bench.AddChannelAsync();
        var start = bench.Now;
        var at = new List<DateTimeOffset>();
        bench.Sent.Answer = _ =>
        {
            at.Add(bench.Now);
            return SendResult.Sent("");
        };
        await bench.TellAsync([.. Some(10)]);
        await bench.SendAsync();

        at.Count.ShouldBe(10);
        at.Zip(at.Skip(1)).ShouldAllBe(pair => pair.Second - pair.First >= TimeSpan.FromSeconds(1));
        (at[^1] - start).ShouldBeLessThan(TimeSpan.FromSeconds(12));
    }

    [Fact]
    public async Task More_than_twenty_in_a_minute_come_as_one_digest()
    {
        await bench.AddChannelAsync();
        for (var i = 0; i < 3; i++)
        {
            await bench.TellAsync([.. Some(15, $"r{i}-")]);
            bench.Clock.Advance(StormRule.Window + TimeSpan.FromSeconds(1));
        }

        await bench.SendAsync();

        var digest = bench.Sent.Messages.ShouldHaveSingleItem().Notice;
        digest.Kind.ShouldBe(NoticeKind.Digest);
        digest.Lines!.Count.ShouldBe(45);
        digest.Name.ShouldBe("45 notices");
    }

    [Fact]
    public async Task When_the_minute_is_full_the_rest_waits_and_then_comes_as_a_digest()
    {
        await bench.AddChannelAsync();
        for (var i = 0; i < 25; i++)
        {
            await bench.TellAsync(i < 20 ? A.Bad($"j{i:D2}") : A.Good($"j{i - 20:D2}"));
            await bench.SendAsync();
        }

        bench.Sent.Messages.Count.ShouldBe(20);
        (await bench.DeliveriesAsync()).Count(delivery => delivery.State == DeliveryState.Waiting).ShouldBe(5);

        await bench.TickAsync(TimeSpan.FromSeconds(41));
        await bench.SendAsync();
        bench.Sent.Messages.Count.ShouldBe(21);
        (await bench.DeliveriesAsync()).ShouldAllBe(delivery => delivery.State == DeliveryState.Sent);
    }

    [Fact]
    public async Task A_channel_that_fails_is_not_asked_again_for_each_of_the_others()
    {
        await bench.AddChannelAsync();
        bench.Sent.Answer = _ => SendResult.Later("No answer within 10 s.");
        await bench.TellAsync([.. Some(10)]);
        await bench.SendAsync();

        bench.Sent.Messages.Count.ShouldBe(1);
        (await bench.DeliveriesAsync()).ShouldAllBe(delivery => delivery.State == DeliveryState.Waiting && delivery.NextAt > bench.Now);
    }

    [Fact]
    public async Task A_channel_that_fails_or_throws_does_not_stop_the_others()
    {
        await bench.AddChannelAsync("bad");
        await bench.AddChannelAsync("good");
        bench.Sent.Answer = message => message.Thread.EndsWith(Watchdesk.Clients.Keys.Hash("bad")[..32], StringComparison.Ordinal) ? throw new InvalidOperationException("boom") : SendResult.Sent("");
        await bench.TellAsync(A.Bad("a"));
        await bench.SendAsync();

        (await bench.DeliveriesAsync()).Select(delivery => $"{delivery.Recipient.Name}: {delivery.State} {delivery.LastError}").Order(StringComparer.Ordinal)
            .ShouldBe(["bad: Waiting Sending failed inside Watchdesk (InvalidOperationException).", "good: Sent "]);
    }

    [Fact]
    public async Task What_a_removed_or_disabled_channel_was_to_send_has_failed_and_says_why()
    {
        var id = await bench.AddChannelAsync();
        await bench.TellAsync(A.Bad("a"));
        await bench.Channels.DeleteAsync(IncidentBench.Tenant, id, default);
        await bench.SendAsync();

        (await bench.DeliveriesAsync())[0].LastError.ShouldBe("The channel was removed or switched off before this could be sent.");
    }

    [Fact]
    public async Task Two_workers_at_once_send_it_once()
    {
        await bench.AddChannelAsync();
        await bench.TellAsync(A.Bad("a"));
        var key = (await bench.DeliveriesAsync())[0].Key;
        var other = new IncidentBench(bench.Tables, bench.Queues, bench.Sent);
        bench.Sent.Answer = _ =>
        {
            bench.Sent.Answer = _ => SendResult.Sent("");
            other.Clock.Advance(TimeSpan.FromSeconds(5));
            other.Sender.SendAsync(IncidentBench.Tenant, [key], default).GetAwaiter().GetResult();
            return SendResult.Sent("");
        };

        await bench.Sender.SendAsync(IncidentBench.Tenant, [key], default);

        bench.Sent.Messages.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_sender_that_dies_at_any_write_repeats_one_send_at_most_and_loses_none()
    {
        for (var dieAt = 1; dieAt <= 12; dieAt++)
        {
            var desk = new IncidentBench();
            await desk.AddChannelAsync();
            await desk.TellAsync([.. Some(3)]);
            var left = dieAt;
            desk.Tables.AfterWrite = (_, _) =>
            {
                if (--left <= 0)
                {
                    throw new IOException("dead");
                }
            };
            await Should.ThrowAsync<IOException>(desk.SendAsync);
            desk.Tables.AfterWrite = null;
            for (var i = 0; i < 5; i++)
            {
                await desk.TickAsync(TimeSpan.FromMinutes(1));
                await desk.SendAsync();
            }

            (await desk.DeliveriesAsync()).ShouldAllBe(delivery => delivery.State == DeliveryState.Sent);
            desk.Sent.Messages.Count.ShouldBeInRange(3, 4, $"died at {dieAt}");
            desk.Sent.Messages.Select(message => message.Key).Distinct().Count().ShouldBe(3);
            desk.Tables.Rows("due").ShouldNotContain(row => row.RowKey.Contains("~notice~main~"));
        }
    }

    [Fact]
    public async Task Pages_of_the_list_hold_everything_once_newest_first()
    {
        await bench.AddChannelAsync("ops");
        await bench.AddChannelAsync("boss");
        for (var i = 0; i < 40; i++)
        {
            bench.Clock.Advance(TimeSpan.FromSeconds(10));
            await bench.TellAsync(A.Bad($"j{i:D2}"));
        }

        var seen = new List<Delivery>();
        string? next = null;
        do
        {
            (var items, next) = await bench.Notices.ListAsync(IncidentBench.Tenant, 7, next, default);
            items.Count.ShouldBeLessThanOrEqualTo(7);
            seen.AddRange(items);
        }
        while (next is not null);

        seen.Select(delivery => delivery.Id).ShouldBeUnique();
        seen.Count.ShouldBe(80);
        seen.Select(delivery => delivery.Key.At).ShouldBeInOrder(SortDirection.Descending);
    }

    static IEnumerable<Signal> Some(int count, string prefix = "j") => Enumerable.Range(0, count).Select(i => A.Bad($"{prefix}{i:D2}"));
}
