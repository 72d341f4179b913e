using FsCheck;
using FsCheck.Fluent;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Schedules;

public sealed class TickCrashTests
{
    static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 50, 0, TimeSpan.Zero);

    /// <summary>Due rows in two hours, one stale, one reported as failed, the cursor about to leave an hour: killed before and after every single write.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Demand", "S0-1")]
    public async Task Nothing_is_lost_whichever_write_is_the_last(bool isStored)
    {
        var points = 0;
        for (var died = true; died; points++)
        {
            var owed = await SetOutAsync();
            (owed.DiesAtWrite, owed.DiesAfterIt) = (points + 1, isStored);

            died = await owed.TickAsync();
            owed.Restart();
            await owed.CheckNothingIsLostAsync();

            await FinishAsync(owed);
        }

        points.ShouldBeGreaterThan(20);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_that_was_acknowledged_is_lost_whichever_write_of_adding_it_is_the_last(bool isStored)
    {
        // The writer also tries to set a cursor, which stands already and is refused.
        var last = isStored ? 3 : 4;
        for (var point = 1; point <= last; point++)
        {
            var owed = new OwedDesk(Start);
            await owed.TickAsync();
            (owed.DiesAtWrite, owed.DiesAfterIt) = (point, isStored);
            var isAcknowledged = false;
            try
            {
                await owed.OweAsync("a", Start.AddMinutes(-1), TimeSpan.FromMinutes(2));
                isAcknowledged = true;
            }
            catch (ProcessDiedException)
            {
                owed.IsDead.ShouldBeTrue();
            }

            owed.Restart();
            await owed.CheckNothingIsLostAsync();
            await FinishAsync(owed);
            owed.States.Any(state => state.Number("Done") > 0).ShouldBe(isAcknowledged || owed.States.Count == 1);
            isAcknowledged.ShouldBe(point == last);
        }
    }

    /// <summary>Random adds by writers up to 2 min behind, waits from seconds to days, ticks, refusals and crashes.</summary>
    [Fact]
    [Trait("Demand", "S0-1")]
    public void Each_item_is_handled_at_or_after_its_deadline_and_never_lost()
    {
        var step = Gen.Choose(0, 10).Zip(Gen.Choose(0, 100_000), (what, amount) => (what, amount));
        var property = Prop.ForAll(step.ListOf().ToArbitrary(), steps => RunAsync(steps).GetAwaiter().GetResult());

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(TestScale.Of(3_000)).WithEndSize(60), property);
    }

    static async Task RunAsync(IReadOnlyList<(int What, int Amount)> steps)
    {
        var owed = new OwedDesk(Start, shards: 2);
        await owed.TickAsync();
        foreach (var (what, amount) in steps)
        {
            switch (what)
            {
                case 0 or 1:
                    var id = $"{owed.States.Count}";
                    await owed.OweAsync(id, owed.Desk.Now.AddSeconds(amount % 9000 - 600), TimeSpan.FromSeconds(amount % 121));
                    break;
                case 2:
                    owed.Desk.Clock.Advance(TimeSpan.FromSeconds(amount % 700));
                    break;
                case 3:
                    owed.Desk.Clock.Advance(TimeSpan.FromSeconds(amount));
                    break;
                case 4:
                    (owed.DiesAtWrite, owed.DiesAfterIt) = (1 + amount % 12, amount % 24 >= 12);
                    await owed.TickAsync();
                    owed.Restart();
                    break;
                case 5:
                    owed.Refuses = row => row.Item.Id.Length == amount % 3;
                    await owed.TickAsync();
                    owed.Refuses = _ => false;
                    break;
                case 6:
                    owed.FailsAtRead = amount % 5;
                    await owed.TickAsync();
                    owed.FailsAtRead = null;
                    break;
                case 7:
                    var now = owed.Desk.Now;
                    owed.Desk.Clock.Advance(TimeSpan.FromSeconds(3600 - 60 * now.Minute - now.Second + amount % 360));
                    break;
                default:
                    await owed.TickAsync();
                    break;
            }

            await owed.CheckNothingIsLostAsync();
        }

        await FinishAsync(owed);
    }

    static async Task<OwedDesk> SetOutAsync()
    {
        var owed = new OwedDesk(Start);
        await owed.TickAsync();
        for (var i = 0; i < 12; i++)
        {
            await owed.OweAsync($"{i}", Start.AddMinutes(2 * i), TimeSpan.Zero);
        }

        owed.Desk.Clock.Set(Start.AddMinutes(16));
        await owed.TickAsync();
        owed.Desk.Clock.Advance(TimeSpan.FromMinutes(29));
        owed.Refuses = row => row.Item.Id == "10" && row.Tries == 0;
        return owed;
    }

    /// <summary>Runs on until everything was handled, and nothing was before its deadline (the handler looks at it).</summary>
    static async Task FinishAsync(OwedDesk owed)
    {
        var before = owed.States.ToDictionary(state => state.RowKey, state => state.Number("Done"));
        owed.Desk.Clock.Advance(TimeSpan.FromHours(3));
        for (var i = 0; i < 3; i++)
        {
            (await owed.TickAsync()).ShouldBeFalse();
            owed.Desk.Clock.Advance(TimeSpan.FromMinutes(2));
        }

        owed.States.Where(state => state.Number("Done") <= before[state.RowKey]).ShouldBeEmpty();
        await owed.CheckNothingIsLostAsync();
    }
}
