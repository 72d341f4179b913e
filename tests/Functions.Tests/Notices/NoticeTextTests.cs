using Watchdesk.Notices;

namespace Watchdesk.Tests.Notices;

public sealed class NoticeTextTests
{
    [Theory]
    [InlineData(NoticeKind.Opened,   Level.Critical, "No success for 25 min; expected by 21:40.", "ATTENTION nightly-backup: no success for 25 min, expected by 21:40")]
    [InlineData(NoticeKind.Opened,   Level.Warning,  "It ran 40 min; usually 5.",                 "WARNING nightly-backup: it ran 40 min, usually 5")]
    [InlineData(NoticeKind.Opened,   Level.Critical, "HTTP 500 from the last run.",               "ATTENTION nightly-backup: HTTP 500 from the last run")]
    [InlineData(NoticeKind.Resolved, Level.Critical, "Good again after 25 min. Success at 22:05.", "RESOLVED nightly-backup: good again after 25 min. Success at 22:05")]
    [InlineData(NoticeKind.Test,     Level.Info,     "Ann tests this channel; nothing is wrong",  "TEST nightly-backup: ann tests this channel, nothing is wrong")]
    public void The_subject_says_it_all(NoticeKind kind, Level level, string reason, string expected) =>
        NoticeText.Subject(Notes.Notice(kind: kind, level: level, reason: reason)).ShouldBe(expected);

    [Fact]
    public void A_long_subject_is_cut_between_characters()
    {
        var subject = NoticeText.Subject(Notes.Notice(name: string.Concat(Enumerable.Repeat("🔥", 200))));

        subject.Length.ShouldBeLessThanOrEqualTo(160);
        subject.EnumerateRunes().ShouldNotContain(System.Text.Rune.ReplacementChar);
    }

    [Theory]
    [InlineData(0, 0, 0, 3,   "3 s")]
    [InlineData(0, 0, 25, 59, "25 min")]
    [InlineData(0, 3, 10, 0,  "3 h 10 min")]
    [InlineData(0, 3, 0, 40,  "3 h")]
    [InlineData(2, 4, 59, 0,  "2 d 4 h")]
    public void A_span_is_as_short_as_it_may_be(int days, int hours, int minutes, int seconds, string expected) =>
        NoticeText.Span(new TimeSpan(days, hours, minutes, seconds)).ShouldBe(expected);

    [Fact]
    public void The_facts_are_what_somebody_asks_at_night()
    {
        var facts = NoticeText.Facts(Notes.Notice(), Notes.Now).Select(fact => $"{fact.Label}: {fact.Text}");

        facts.ShouldBe(
        [
            "Since: 2026-11-20 21:40 UTC (25 min ago)",
            "Last good: 2026-11-19 22:05 UTC (1 d ago)",
            "Host: db-7",
            "What to do: Look at the log of the last run; restart it when the disk has room.",
            "Told: Ops (mail), On call (teams)",
        ]);
    }
}
