using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Watchdesk.Clients;

namespace Watchdesk.Tests.Support;

public sealed class TestAppTests
{
    [Fact]
    public async Task Whole_desk_starts_and_answers_without_storage()
    {
        await using var desk = await TestApp.StartAsync();
        var blobCalls = 0;
        desk.Blobs.Before = (_, _) => blobCalls++;
        using var client = desk.Anonymous();

        using var answer = await client.GetAsync("/");

        answer.StatusCode.ShouldNotBe(HttpStatusCode.InternalServerError);
        blobCalls.ShouldBe(0);
        desk.Services.GetServices<IHostedService>().ShouldNotContain(service => service.GetType().Name == "DataProtectionHostedService");
        (desk.Tables.Counts.Reads + desk.Tables.Counts.Writes).ShouldBe(0);
    }

    [Fact]
    public async Task Sent_message_waits_in_its_queue()
    {
        await using var desk = await TestApp.StartAsync();

        await desk.Services.GetRequiredService<IMessageSender>().SendAsync("inbox", "{}"u8.ToArray(), "1", default);

        desk.Queues.Waiting("inbox").Single().Text.ShouldBe("{}");
    }
}
