using NodaTime;
using NodaTime.TimeZones;

namespace Watchdesk.Schedules;

/// <summary>
/// An arrival after each fire time of a cron expression in an IANA time zone (NodaTime's own database). When the clocks
/// change, as Debian's cron does it: a fixed time that does not exist fires right after the gap, one that exists twice
/// fires once, the first time; an expression with * in its minute or hour follows the clock, so it skips the gap
/// and fires in both passes.
/// </summary>
public sealed record CronSchedule(CronExpression Cron, DateTimeZone Zone, TimeSpan Grace) : TimedSchedule(Grace)
{
    public static readonly TimeSpan DefaultGrace = TimeSpan.FromMinutes(10);

    /// <exception cref="ScheduleFormatException">The expression or the zone is not known.</exception>
    public static CronSchedule Parse(string cron, string timeZone, TimeSpan grace) =>
        new(CronExpression.Parse(cron), FindZone(timeZone), grace);

    public override DateTimeOffset? DueAfter(DateTimeOffset lastArrival, DateTimeOffset? declaredNext = null)
    {
        if (lastArrival.Year > CronExpression.LastYear)
        {
            return null;
        }

        var after = Instant.FromDateTimeOffset(lastArrival);
        return (Cron.FollowsTheClock ? NextByClock(after) : NextByDate(after))?.ToDateTimeOffset();
    }

    public override string Describe() => $"cron {Cron} ({Zone.Id}), grace {Durations.Say(Grace)}";

    Instant? NextByDate(Instant after)
    {
        for (var local = Cron.NextAfter(after.InZone(Zone).LocalDateTime); local is { } time; local = Cron.NextAfter(time))
        {
            var map = Zone.MapLocal(time);
            var fires = map.Count == 0 ? map.LateInterval.Start : map.First().ToInstant();
            if (fires > after)
            {
                return fires;
            }
        }

        return null;
    }

    Instant? NextByClock(Instant after)
    {
        for (var interval = Zone.GetZoneInterval(after); ; interval = Zone.GetZoneInterval(interval.End))
        {
            if (Cron.NextAfter(after.WithOffset(interval.WallOffset).LocalDateTime) is not { } local)
            {
                return null;
            }

            var fires = local.WithOffset(interval.WallOffset).ToInstant();
            if (!interval.HasEnd || fires < interval.End)
            {
                return fires;
            }

            after = interval.End - Duration.FromSeconds(1);
        }
    }

    /// <exception cref="ScheduleFormatException">There is no such zone; the text suggests one where it can.</exception>
    public static DateTimeZone FindZone(string id)
    {
        var zones = DateTimeZoneProviders.Tzdb;
        if (id.Length <= 64 && zones.GetZoneOrNull(id) is { } zone)
        {
            return zone;
        }

        var meant = zones.Ids.FirstOrDefault(known => string.Equals(known, id, StringComparison.OrdinalIgnoreCase))
            ?? TzdbDateTimeZoneSource.Default.WindowsToTzdbIds.GetValueOrDefault(id);
        throw new ScheduleFormatException("timeZone", meant is null
            ? $"{Durations.Quoted(id)} is not an IANA time zone such as \"Europe/Berlin\"."
            : $"{Durations.Quoted(id)} is not an IANA time zone. Did you mean \"{meant}\"?");
    }
}
