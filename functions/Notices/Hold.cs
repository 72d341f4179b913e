namespace Watchdesk.Notices;

/// <summary>Until when a notice waits because its reader wants it so.</summary>
/// <param name="Reason">Half a sentence.</param>
public sealed record Hold(DateTimeOffset Until, string Reason)
{
    /// <summary>Null when it goes at once; what is critical waits for no digest.</summary>
    public static Hold? Of(Channel way, Level level, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(way);
        var isCritical = level == Level.Critical;
        var batched = way.Batch is { } batch && !isCritical ? new Hold(batch.NextAfter(now), $"with the others at {batch.At} {batch.TimeZone}") : null;
        var quiet = way.Quiet is { } hours && !(isCritical && hours.ExceptCritical) && hours.EndsAfter(batched?.Until ?? now) is { } end
            ? new Hold(end, $"quiet hours until {hours.To} {hours.TimeZone}")
            : null;
        return quiet ?? batched;
    }
}
