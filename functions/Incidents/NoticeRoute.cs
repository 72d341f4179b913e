using Watchdesk.Notices;

namespace Watchdesk.Incidents;

/// <summary>
/// Who gets a notice: every channel of the tenant from its lowest severity on, who has subscribed to the part of the
/// organisation it belongs to, and who has it. What somebody is given is told to that person alone; reminders are for responders.
/// </summary>
static class NoticeRoute
{
    /// <summary>So that they fit the outbox row.</summary>
    public const int MaxRecipients = 200;
    const int MaxNamed = 20;
    const int MaxReason = 120;

    public static (IReadOnlyList<Recipient> Recipients, string Reason) Of(NoticeCase change)
    {
        var level = (Level)change.Severity;
        var isForOne = change.Kind == NoticeKind.Assigned;
        var channels = isForOne ? [] : change.Channels;
        var people = PeopleOf(change).SelectMany(pair => pair.Person.Ways.Select(way => (pair.Why, Way: way))).ToList();
        List<Recipient> all =
        [
            .. channels.Where(channel => channel.MinLevel <= level).DistinctBy(channel => channel.Destination).Select(channel => new Recipient(channel.Id, channel.Kind, channel.Name, $"{Words.Of(change.Severity)} is at or above its {Words.Of((Severity)channel.MinLevel)}")),
            .. people.Where(pair => pair.Way.IsEnabled && (isForOne || pair.Way.MinLevel <= level)).Select(pair => ToPerson(pair.Way, pair.Why, level, change.Now)),
        ];
        var others = channels.Concat(people.Where(pair => pair.Way.IsEnabled && !isForOne).Select(pair => pair.Way)).Where(way => way.MinLevel > level).Select(way => $"{way.Name} wants {Words.Of((Severity)way.MinLevel)}")
            .Concat(people.Where(pair => !pair.Way.IsEnabled).Select(pair => $"{pair.Way.Name} wants no {pair.Way.Kind}")).ToList();
        var told = all.Count == 0 ? "nobody" : List(all.Select(recipient => $"{recipient.Name} ({recipient.Kind}) since {recipient.Reason}"), all.Count);
        var cut = all.Count > MaxRecipients ? $" Not: {all.Count - MaxRecipients} more, one notice goes to {MaxRecipients}. Give a large group a channel of its own." : "";
        return ([.. all.Take(MaxRecipients)], $"{told}.{(others.Count > 0 ? $" Not: {List(others, others.Count)}." : "")}{cut}");
    }

    /// <summary>Each person once, with the nearest reason.</summary>
    public static IReadOnlyList<(Person Person, string Why)> PeopleOf(NoticeCase change)
    {
        var owners = change.Reach.Owners.Where(person => person.Id == change.After.Owner).Select(person => (person, Why: "it is theirs"));
        var subscribers = change.Reach.Subscribers
            .Where(subscriber => subscriber.Subscription.Matches(change.After) && (change.Kind != NoticeKind.Reminder || subscriber.Subscription.Interest == Interest.Responder))
            .OrderByDescending(subscriber => subscriber.Subscription.Interest)
            .Select(subscriber => (subscriber.Person, Why: $"{(subscriber.Subscription.Interest == Interest.Responder ? "responder" : "interested")} for {subscriber.Subscription.Org.Text}"));
        return [.. owners.Concat(change.Kind == NoticeKind.Assigned ? [] : subscribers).DistinctBy(pair => pair.Item1.Id, StringComparer.Ordinal)];
    }

    static Recipient ToPerson(Channel way, string why, Level level, DateTimeOffset now)
    {
        var hold = Hold.Of(way, level, now);
        return new Recipient(way.Id, way.Kind, way.Name, NoticeText.Shorten(hold is null ? why : $"{why}, {hold.Reason}", MaxReason)) { NotBefore = hold?.Until };
    }

    static string List(IEnumerable<string> items, int count) => string.Join(", ", items.Take(MaxNamed)) + (count > MaxNamed ? $" and {count - MaxNamed} more" : "");
}
