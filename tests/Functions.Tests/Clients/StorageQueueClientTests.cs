using System.Text;
using Watchdesk.Clients;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Clients;

[Collection("Azurite")]
[Trait("Size", "Large")]
public sealed class StorageQueueClientTests(AzuriteFixture azurite)
{
    static readonly CancellationToken None = CancellationToken.None;
    static readonly TimeSpan Visibility = TimeSpan.FromSeconds(30);
    readonly StorageQueueClient queues = new(azurite.Services.Queues());
    readonly string queue = "q" + Guid.NewGuid().ToString("N");

    [Fact]
    public async Task The_first_message_makes_the_queue_and_comes_back_whole()
    {
        var body = "{\"text\":\"<b>&amp; ünï 😀\"}"u8.ToArray();

        await queues.SendAsync(queue, body, "m1", None);
        var message = (await queues.GetAsync(queue, 32, Visibility, None)).ShouldHaveSingleItem();

        message.Body.ToArray().ShouldBe(body);
        message.Dequeued.ShouldBe(1);
        message.NextVisibleAt.ShouldNotBeNull().ShouldBeGreaterThan(message.InsertedAt);
        (await queues.GetAsync(queue, 32, Visibility, None)).ShouldBeEmpty();
        (await queues.CountAsync(queue, None)).ShouldBe(1);
        (await queues.DeleteAsync(queue, message, None)).ShouldBeTrue();
        (await queues.CountAsync(queue, None)).ShouldBe(0);
    }

    [Fact]
    public async Task A_queue_that_nobody_wrote_reads_as_empty()
    {
        (await queues.GetAsync(queue, 1, Visibility, None)).ShouldBeEmpty();
        (await queues.PeekAsync(queue, 1, None)).ShouldBeEmpty();
        (await queues.CountAsync(queue, None)).ShouldBe(0);
        await queues.CreateAsync(queue, None);
        await queues.CreateAsync(queue, None);
    }

    [Fact]
    public async Task An_old_receipt_means_that_the_message_is_lost()
    {
        await queues.SendAsync(queue, "1"u8.ToArray(), "m1", None);
        var taken = (await queues.GetAsync(queue, 1, Visibility, None)).Single();

        var renewed = (await queues.RenewAsync(queue, taken, TimeSpan.FromMinutes(1), None)).ShouldNotBeNull();

        renewed.PopReceipt.ShouldNotBe(taken.PopReceipt);
        (await queues.RenewAsync(queue, taken, Visibility, None)).ShouldBeNull();
        (await queues.DeleteAsync(queue, taken, None)).ShouldBeFalse();
        (await queues.DeleteAsync(queue, renewed, None)).ShouldBeTrue();
        (await queues.DeleteAsync(queue, renewed, None)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_message_given_back_is_taken_again_and_counted()
    {
        await queues.SendAsync(queue, "1"u8.ToArray(), "m1", None);
        var taken = (await queues.GetAsync(queue, 1, Visibility, None)).Single();
        (await queues.PeekAsync(queue, 32, None)).ShouldBeEmpty();

        await queues.RenewAsync(queue, taken, TimeSpan.Zero, None);

        (await queues.PeekAsync(queue, 32, None)).Single().PopReceipt.ShouldBeEmpty();
        (await queues.GetAsync(queue, 1, Visibility, None)).Single().Dequeued.ShouldBe(2);
    }

    [Fact]
    public async Task Thirty_two_messages_come_in_one_call()
    {
        await Task.WhenAll(Enumerable.Range(0, 33).Select(i => queues.SendAsync(queue, Encoding.UTF8.GetBytes($"{i}"), $"{i}", None)));

        var taken = await queues.GetAsync(queue, 32, Visibility, None);

        taken.Count.ShouldBe(32);
        taken.Select(message => message.Id).Distinct().Count().ShouldBe(32);
    }

    [Fact]
    public async Task The_largest_message_fits_and_a_larger_one_is_refused_before_the_call()
    {
        await queues.SendAsync(queue, new byte[StorageQueueClient.MaxBody], "m", None);
        (await queues.GetAsync(queue, 1, Visibility, None)).Single().Body.Length.ShouldBe(StorageQueueClient.MaxBody);

        await Should.ThrowAsync<ArgumentException>(() => queues.SendAsync(queue, new byte[StorageQueueClient.MaxBody + 1], "m", None));
        await Should.ThrowAsync<ArgumentException>(() => queues.SendAsync("Bad_Name", new byte[1], "m", None));
        await Should.ThrowAsync<ArgumentException>(() => queues.GetAsync(queue, 33, Visibility, None));
        await Should.ThrowAsync<ArgumentException>(() => queues.GetAsync(queue, 1, TimeSpan.Zero, None));
    }
}
