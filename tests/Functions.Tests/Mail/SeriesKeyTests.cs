using FsCheck;
using FsCheck.Fluent;
using Watchdesk.Mail;

namespace Watchdesk.Tests.Mail;

public class SeriesKeyTests
{
    [Theory]
    [InlineData("Backup of db1 done",                       "Backup of db1 failed")]
    [InlineData("Backup OK",                                ":critical: Backup FAILED :sched-perday-2:")]
    [InlineData("Backup 2026-11-20 08:00",                  "Backup 2026-11-21 20:00")]
    [InlineData("Backup Fri, 20 Nov 2026 08:00:01 +0000",   "Backup Mon, 1 Dec 2026 8:00:01 -0700")]
    [InlineData("Disk 98% full",                            "Disk 3% full")]
    [InlineData("3 files copied, 12GB",                     "25 files copied, 9.5GB")]
    [InlineData("Run 8bd1d1a6-7bf7-4b6a-b3a2-1ef5bb4c1c14", "Run a1b2c3d4")]
    [InlineData("Ticket INC0012345 open",                   "Ticket INC0099999 open")]
    [InlineData("Backup done",                              "Re:  Backup   done")]
    [InlineData("Backup done",                              "Fwd: RE: Backup done")]
    [InlineData("backup done",                              "BACKUP DONE")]
    [InlineData("Backup :info: :org:a.b: :svr:db1.example.org done", "Backup done")]
    [InlineData("Backup :sched-perday-2/1: done",           "Backup :sched-perday-3: done")]
    [InlineData(":info: 12",                                "13")]
    public void What_changes_from_mail_to_mail_does_not_make_another_series(string one, string other) =>
        SeriesKey.Of("cron@db1.example.org", other).Id.ShouldBe(SeriesKey.Of("Cron@DB1.example.org", one).Id);

    [Theory]
    [InlineData("Backup of db1 done",  "Backup of db2 done")]
    [InlineData("Ping 10.0.0.5 lost",  "Ping 10.0.0.6 lost")]
    [InlineData("raid5 check",         "raid6 check")]
    [InlineData("Backup of web-01.example.org", "Backup of web-02.example.org")]
    [InlineData("Backup done",         "Restore done")]
    [InlineData("",                    "Backup")]
    public void Another_host_or_subject_is_another_series(string one, string other) =>
        SeriesKey.Of("cron@db1.example.org", other).Id.ShouldNotBe(SeriesKey.Of("cron@db1.example.org", one).Id);

    [Fact]
    public void Another_sender_is_another_series() =>
        SeriesKey.Of("a@example.org", "Backup").Id.ShouldNotBe(SeriesKey.Of("b@example.org", "Backup").Id);

    [Theory]
    [InlineData(":info: Backup of db1 done :sched-perday-2/1:", "Backup of db1 done", "backup of db1 *")]
    [InlineData("Fri, 20 Nov 2026: 3 of 4 disks FAILED on db1", "Fri, 20 Nov 2026: 3 of 4 disks FAILED on db1", "# of # disks * on db1")]
    [InlineData("Re: :critical:", "(no subject)", "(no subject)")]
    [InlineData("", "(no subject)", "(no subject)")]
    public void Name_and_template_are_for_people_too(string subject, string name, string template)
    {
        var key = SeriesKey.Of("cron@db1.example.org", subject);

        (key.Name, key.Template).ShouldBe((name, template));
    }

    [Fact]
    public void Tags_and_numbers_never_change_the_series_of_any_words()
    {
        var word = Gen.Elements("backup", "of", "db1", "nightly", "report", "ünïcode", "web-01.example.org", "-", "(copy)");
        var changing = Gen.Elements(":info:", ":critical:", ":sched-perday-2/1:", ":org:a.b:", "");
        var number = Gen.Choose(0, 99_999);
        var samples =
            from words in word.NonEmptyListOf()
            from tag in changing
            from one in number
            from other in number
            select (Words: string.Join(' ', words), Tag: tag, One: one, Other: other);
        Prop.ForAll(samples.ToArbitrary(), s => SeriesKey.Of("a@b.c", $"{s.Words} {s.One}").Id == SeriesKey.Of("a@b.c", $"{s.Tag} {s.Words} {s.Other}").Id).QuickCheckThrowOnFailure();
    }
}
