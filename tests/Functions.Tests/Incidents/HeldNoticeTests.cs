using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Incidents;
using Watchdesk.Notices;
using Watchdesk.Tests.Notices;

namespace Watchdesk.Tests.Incidents;

/// <summary>What somebody does not want to hear at once is sent when its time has come, once.</summary>
public sealed class HeldNoticeTests : IAsyncLifetime
{
    Story story = null!;

    public async Task InitializeAsync() => story = await Story.BeginAsync(hasChannel: false);

    public async Task DisposeAsync() => await story.DisposeAsync();

    [Fact]
    public async Task What_waited_for_the_end_of_quiet_hours_is_sent_then()
    {
        await ToldAsync(way => way with { Quiet = new QuietHours("07:00", "12:00") });

        await story.TellAsync(A.Bad("a", 1, Severity.Warning));
        await story.TellAsync(A.Bad("b", 1, Severity.Critical));
        story.Sent.Messages.ShouldHaveSingleItem().Notice.Level.ShouldBe(Level.Critical);

        await story.App.AdvanceAsync(TimeSpan.FromMinutes(239));
        story.Sent.Messages.Count(message => message.Notice.Kind != NoticeKind.Reminder).ShouldBe(1);
        await story.App.AdvanceAsync(TimeSpan.FromMinutes(1));
        await story.App.AdvanceAsync(TimeSpan.FromMinutes(10));
        story.Sent.Messages.Count(message => message.Notice is { Kind: NoticeKind.Opened, Level: Level.Warning }).ShouldBe(1);
    }

    [Fact]
    public async Task A_days_notices_are_one_digest_at_its_time()
    {
        await ToldAsync(way => way with { Batch = new DailyTime("18:00") });
        await story.TellAsync(A.Bad("a", 1, Severity.Warning));
        await story.App.AdvanceAsync(TimeSpan.FromHours(2));
        await story.TellAsync(A.Bad("b", 1, Severity.Warning));
        story.Sent.Messages.ShouldBeEmpty();

        await story.App.AdvanceAsync(TimeSpan.FromHours(8));
        await story.App.AdvanceAsync(TimeSpan.FromMinutes(10));

        var digest = story.Sent.Messages.ShouldHaveSingleItem().Notice;
        (digest.Kind, digest.Lines!.Count).ShouldBe((NoticeKind.Digest, 2));
    }

    /// <summary>Eve is a responder for everything and has one way to be told.</summary>
    async Task ToldAsync(Func<Channel, Channel> how)
    {
        var eve = await story.PersonAsync("eve@example.org");
        await story.DoAsync("POST", "/api/v1/subscriptions", $$"""{"user":"{{eve.Id}}","org":"*"}""", System.Net.HttpStatusCode.Created);
        var way = new Channel("main", PersonChannels.IdOf(eve.Id, NotePad.KindName), NotePad.KindName, "eve", Level.Warning, IsEnabled: true, "{}");
        await story.App.Services.GetRequiredService<ChannelStore>().PutAsync(how(way), default);
    }
}
