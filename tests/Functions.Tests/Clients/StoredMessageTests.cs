using System.Text;
using Watchdesk.Clients;

namespace Watchdesk.Tests.Clients;

public sealed class StoredMessageTests
{
    [Fact]
    public void A_written_message_is_what_the_contract_shows()
    {
        Encoding.UTF8.GetString(StoredMessage.Write("hi"u8)).ShouldBe("<QueueMessage><MessageText>aGk=</MessageText></QueueMessage>");
    }

    [Fact]
    public void Text_that_is_not_base64_is_taken_as_it_is()
    {
        Read("<MessageText>{&quot;a&quot;:1}</MessageText>").Body.ToArray().ShouldBe("{\"a\":1}"u8.ToArray());
    }

    [Fact]
    public void Elements_come_in_any_order_and_unknown_ones_are_passed_over()
    {
        var message = Read("<DequeueCount>3</DequeueCount><New>x</New><MessageText>aGk=</MessageText>"
            + "<InsertionTime>Fri, 20 Nov 2026 12:00:00 GMT</InsertionTime><PopReceipt>r</PopReceipt>");

        message.Dequeued.ShouldBe(3);
        message.PopReceipt.ShouldBe("r");
        message.InsertedAt.ShouldBe(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));
        message.Body.ToArray().ShouldBe("hi"u8.ToArray());
    }

    [Fact]
    public void An_empty_list_has_no_messages()
    {
        StoredMessage.Read(BinaryData.FromBytes("\uFEFF<?xml version=\"1.0\" encoding=\"utf-8\"?><QueueMessagesList/>"u8.ToArray())).ShouldBeEmpty();
    }

    static StoredMessage Read(string elements) => StoredMessage.Read(BinaryData.FromBytes(Encoding.UTF8.GetBytes(
        $"<QueueMessagesList><QueueMessage><MessageId>1</MessageId>{elements}</QueueMessage></QueueMessagesList>"))).ShouldHaveSingleItem();
}
