using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Clients;
using Watchdesk.Incidents;
using Watchdesk.Notices;
using Watchdesk.Tenants;
using Watchdesk.Tests.Incidents;
using Watchdesk.Tests.Notices;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Schedules;

public sealed class RetentionTests : IAsyncLifetime
{
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    readonly NotePad sent = new();
    TestApp app = null!;

    public async Task InitializeAsync() => app = await TestApp.StartAsync(builder => builder.Services.AddSingleton<INoticeChannel>(sent));

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task A_session_goes_when_it_is_over()
    {
        var user = new User("main", Keys.NewId(app.Clock.GetUtcNow()), "ann", "Ann", Role.Reader, false, app.Clock.GetUtcNow());
        await app.Services.GetRequiredService<Sessions>().BeginAsync(user, app.Clock.GetUtcNow(), default);

        await GoesAfterAsync("sessions", Sessions.Lasts);
    }

    [Fact]
    public async Task A_dead_letter_goes_after_90_days()
    {
        var letter = new DeadLetter("main", "inbox", "runs", "It is over the bound.", "r1", Encoding.UTF8.GetBytes("{}"), app.Clock.GetUtcNow(), 1);
        await app.Services.GetRequiredService<DeadLetters>().AddAsync(letter, default);

        await GoesAfterAsync("deadletters", TimeSpan.FromDays(90));
    }

    [Fact]
    public async Task A_notice_goes_with_its_ways_through_the_channels_after_30_days()
    {
        var channels = app.Services.GetRequiredService<ChannelStore>();
        await channels.AddAsync(new Channel("main", "c1", NotePad.KindName, "ops", Level.Warning, true, "{}"), default);
        await channels.AddAsync(new Channel("main", "c2", NotePad.KindName, "boss", Level.Warning, true, "{}"), default);
        await app.Services.GetRequiredService<IncidentDesk>().TellAsync("main", [A.Bad("a", 1, Severity.Warning)], app.Clock.GetUtcNow(), default);
        await app.SettleAsync();
        sent.Messages.Count.ShouldBe(2);
        app.Tables.Rows("notices").Count(row => row.Text("Channel") is not null || row.Bytes("Notice") is not null).ShouldBe(3);

        await GoesAfterAsync("notices", NoticeStore.Keep, row => row.Text("Channel") is not null || row.Bytes("Notice") is not null);
        (await app.Services.GetRequiredService<IncidentLists>().ListAsync("main", true, 10, null, default)).Items.Count.ShouldBe(1);
    }

    async Task GoesAfterAsync(string table, TimeSpan time, Func<TableRow, bool>? isOne = null)
    {
        await app.AdvanceAsync(time - Tick);
        app.Tables.Rows(table).Where(isOne ?? (_ => true)).ShouldNotBeEmpty();

        await app.AdvanceAsync(Tick);
        app.Tables.Rows(table).Where(isOne ?? (_ => true)).ShouldBeEmpty();
        app.Tables.Rows("due").ShouldNotContain(row => row.RowKey.Contains("~retention~"));
    }
}
