using Watchdesk.Incidents;
using Watchdesk.Schedules;

namespace Watchdesk.Mail;

/// <summary>What is wrong with a series.</summary>
public enum SeriesCause
{
    None,
    TooFew,
    TooMany,
}

/// <summary>A series of mails that owes a count, and how it stands. Times in Unix milliseconds, 0 is never.</summary>
/// <param name="Name">Subject of its latest mail that had a schedule, without tags.</param>
/// <param name="Severity">Of an alert, from the tag of that mail.</param>
/// <param name="LastMail">Id of that mail.</param>
/// <param name="Turn">Grows when <paramref name="Cause"/> changes; <paramref name="ToldTurn"/> is the last that incidents know of.</param>
/// <param name="SettledAt">The cause is that of this instant; never goes back.</param>
/// <param name="IndexedAt">Where its row in the due index stands.</param>
/// <param name="EndedAt">When a person ended it; a mail with a schedule tag begins it anew.</param>
public sealed record SeriesState(
    string Sender,
    string Name,
    string Template,
    CountSchedule Schedule,
    Severity Severity,
    string? Host,
    string? Org,
    Arrivals Arrivals,
    string LastMail,
    SeriesCause Cause = SeriesCause.None,
    long Since = 0,
    long Turn = 0,
    long ToldTurn = 0,
    long SettledAt = 0,
    long IndexedAt = long.MaxValue,
    long EndedAt = 0)
{
    public bool IsEnded => EndedAt > 0;

    /// <summary>The mail arrives. Null when the series owes nothing and the mail has no schedule tag either.</summary>
    public static SeriesState? After(SeriesState? state, SeriesKey key, SeriesMail mail)
    {
        // It is one of the series, and leaves what is owed as it is.
        if (mail.Tags.Schedule is not { } schedule)
        {
            return state;
        }

        var receivedAt = mail.ReceivedAt;
        var before = state?.SettledTo(receivedAt);
        var isSame = before is { IsEnded: false } && before.Schedule == schedule;
        var after = new SeriesState(
            key.Sender,
            key.Name,
            key.Template,
            schedule,
            mail.Tags.Severity ?? Severity.Warning,
            mail.Tags.Servers.Count > 0 ? mail.Tags.Servers[0] : null,
            mail.Tags.Org,
            isSame ? before!.Arrivals : Arrivals.Since(schedule, mail.At),
            mail.Id);
        after = before is null
            ? after
            : after with { Cause = before.Cause, Since = before.Since, Turn = before.Turn, ToldTurn = before.ToldTurn, SettledAt = before.SettledAt, IndexedAt = before.IndexedAt };
        return after.With(mail.At).SettledTo(receivedAt);
    }

    /// <summary>As it stands at that instant, one passed deadline after the other: it depends on mails alone and not on when somebody looked.</summary>
    public SeriesState SettledTo(DateTimeOffset at)
    {
        var state = this;
        for (var look = SettledAt > 0 ? NextLook : null; look < at; look = CountOutlook.At(Schedule, Arrivals, look.Value).NextLook)
        {
            state = state.SettledAtOnce(look.Value);
        }

        return state.SettledAtOnce(at);
    }

    SeriesState SettledAtOnce(DateTimeOffset at)
    {
        var now = Latest(at);
        if (IsEnded)
        {
            return this with { SettledAt = now.ToUnixTimeMilliseconds() };
        }

        var outlook = CountOutlook.At(Schedule, Arrivals, now);
        var cause = outlook.Verdict switch { CountVerdict.TooFew => SeriesCause.TooFew, CountVerdict.TooMany => SeriesCause.TooMany, _ => SeriesCause.None };
        var settled = this with { SettledAt = now.ToUnixTimeMilliseconds() };
        if (cause == Cause)
        {
            return settled;
        }

        var since = cause == SeriesCause.TooFew ? outlook.Deadline ?? now : now;
        return settled with { Cause = cause, Since = since.ToUnixTimeMilliseconds(), Turn = Turn + 1 };
    }

    /// <summary>When it must be looked at again if no mail comes; null for never.</summary>
    public DateTimeOffset? NextLook => IsEnded ? null : CountOutlook.At(Schedule, Arrivals, Latest(DateTimeOffset.UnixEpoch)).NextLook;

    /// <summary>Nobody waits for it any more.</summary>
    public SeriesState End(DateTimeOffset now) => SettledTo(now) with
    {
        EndedAt = now.ToUnixTimeMilliseconds(),
        Arrivals = Arrivals.None,
        Cause = SeriesCause.None,
        Since = now.ToUnixTimeMilliseconds(),
        Turn = Turn + 1,
        IndexedAt = long.MaxValue,
    };

    public string Reason(DateTimeOffset now) => IsEnded ? "ended: nothing is owed any more" : CountOutlook.At(Schedule, Arrivals, Latest(now)).Reason(Schedule, Arrivals, Latest(now));

    SeriesState With(DateTimeOffset at) => this with { Arrivals = Arrivals.Record(Schedule, at) };

    /// <summary>Mails may be applied out of order; the state never goes back.</summary>
    DateTimeOffset Latest(DateTimeOffset at) =>
        at.ToUnixTimeMilliseconds() < SettledAt ? DateTimeOffset.FromUnixTimeMilliseconds(SettledAt) : at;
}

/// <summary>A mail as its series sees it.</summary>
/// <param name="At">When it counts: when it was sent, unless that lies in the future.</param>
public sealed record SeriesMail(string Id, DateTimeOffset ReceivedAt, DateTimeOffset At, MailTags Tags);
