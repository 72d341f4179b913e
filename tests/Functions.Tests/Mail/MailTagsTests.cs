using Watchdesk.Incidents;
using Watchdesk.Mail;
using Watchdesk.Schedules;

namespace Watchdesk.Tests.Mail;

/// <summary>Every line of the seed's section on tags, and what people make of them.</summary>
public class MailTagsTests
{
    [Theory]
    [Trait("Demand", "S4-7")]
    [InlineData(":info: Backup of db1 done")]
    [InlineData("Backup of db1 done :info:")]
    [InlineData(":INFO: Backup")]
    [InlineData("[mon] :Info: Backup")]
    [InlineData("Backup(:info:)")]
    public void Info_is_read_wherever_it_stands(string subject) => MailTags.Read(subject, "").Severity.ShouldBe(Severity.Info);

    [Theory]
    [Trait("Demand", "S4-8")]
    [InlineData(":warn: Disk 81 % full")]
    [InlineData("Disk 81 % full:warn::svr:db1.example.org", false)]
    [InlineData("Disk 81 % full :warn::svr:db1.example.org")]
    [InlineData(":Warn:")]
    public void Warn_is_read(string subject, bool isRead = true) => MailTags.Read(subject, "").Severity.ShouldBe(isRead ? Severity.Warning : null);

    [Theory]
    [Trait("Demand", "S4-9")]
    [InlineData(":critical: Disk full", "", Severity.Critical)]
    [InlineData("Disk full", "df says\n\n:critical:\n", Severity.Critical)]
    [InlineData(":info: :critical: Disk full", "", Severity.Critical)]
    [InlineData(":critical: :info: Disk full", "", Severity.Critical)]
    [InlineData(":info: Re: Disk full", "> :critical: Disk full", Severity.Info)]
    public void Critical_is_read_the_worst_counts_and_the_subject_goes_first(string subject, string body, Severity severity) =>
        MailTags.Read(subject, body).Severity.ShouldBe(severity);

    [Theory]
    [Trait("Demand", "S4-10")]
    [Trait("Demand", "S4-11")]
    [Trait("Demand", "S4-12")]
    [InlineData(":sched-perday-2/1:",         2,    1, CountPer.Day)]
    [InlineData(":sched-perday-2:",           2,    0, CountPer.Day)]
    [InlineData(":sched-permonth-4/1:",       4,    1, CountPer.Month)]
    [InlineData(":sched-permonth-1:",         1,    0, CountPer.Month)]
    [InlineData(":sched-perhour-12/3:",       12,   3, CountPer.Hour)]
    [InlineData(":sched-perhour-1:",          1,    0, CountPer.Hour)]
    [InlineData(":Sched-PerDay-2/1:",         2,    1, CountPer.Day)]
    [InlineData(": sched-perday-2 / 1 :",     2,    1, CountPer.Day)]
    [InlineData(":sched - perday - 2/1:",     2,    1, CountPer.Day)]
    [InlineData(":info::sched-perday-2:",     2,    0, CountPer.Day)]
    [InlineData(":sched-perday-1/5:",         1,    5, CountPer.Day)]
    [InlineData(":sched-perday-4000:",        4000, 0, CountPer.Day)]
    [InlineData(":sched-perday-3999/1:",      3999, 1, CountPer.Day)]
    [InlineData(":sched-perday-007:",         7,    0, CountPer.Day)]
    public void A_schedule_is_read_and_a_missing_variance_is_zero(string tag, int count, int variance, CountPer per)
    {
        foreach (var tags in new[] { MailTags.Read($"Backup {tag} done", ""), MailTags.Read("Backup done", $"It went well.\n{tag}\n") })
        {
            tags.Schedule.ShouldBe(new CountSchedule(count, variance, per));
            tags.LooksLike.ShouldBeEmpty();
        }
    }

    [Theory]
    [Trait("Demand", "S4-10")]
    [InlineData(":sched-perday-0:",        "N is at least 1")]
    [InlineData(":sched-perday-0/4:",      "N is at least 1")]
    [InlineData(":sched-perday-4001:",     "at most 4000")]
    [InlineData(":sched-perday-4000/1:",   "at most 4000")]
    [InlineData(":sched-perday-99999999999999999999:", "at most 4000")]
    [InlineData(":sched-perday-2/1 done",  "close it with a colon")]
    [InlineData(":sched-perday-2",         "close it with a colon")]
    [InlineData("sched-perday-2: done",    "a colon before it")]
    [InlineData(":sched-perweek-2:",       "perhour, perday or permonth")]
    [InlineData(":sched-perweek-2:",       "perweek is not known")]
    [InlineData(":sched-perday2:",         "write :sched-perday-2:.")]
    [InlineData(":sched-perhour12: done",  "write :sched-perhour-12:.")]
    [InlineData(":sched-daily-2:",         "perhour, perday or permonth")]
    [InlineData(":sched-perday-two:",      "write it as")]
    [InlineData(":sched-perday:",          "write it as")]
    [InlineData(":sched-perday-2/:",       "write it as")]
    [InlineData(":sched-perday--2:",       "write it as")]
    [InlineData(":sched_perday_2:",        "write it as")]
    [InlineData(":schedule-perday-2:",     "write it as")]
    public void A_schedule_that_is_nearly_right_is_reported_and_not_used(string text, string advice)
    {
        var tags = MailTags.Read(text, "");

        tags.Schedule.ShouldBeNull();
        tags.LooksLike.ShouldHaveSingleItem().ShouldContain("looks like a tag");
        tags.LooksLike[0].ShouldContain(advice);
    }

    [Theory]
    [Trait("Demand", "S4-14")]
    [InlineData(":org:datamer.frontend.ui.service1:")]
    [InlineData(":org:datamer.frontend.ui.service2:")]
    [InlineData(":org:datamer.frontend.api.service1:")]
    [InlineData(":org:datamer.frontend.api.service2:")]
    [InlineData(":org:datamer.frontend.haproxy:")]
    [InlineData(":org:datamer.logic.mse.organizer.standard:")]
    [InlineData(":org:datamer.logic.mse.organizer.ml:")]
    [InlineData(":org:datamer.data.db.olap:")]
    [InlineData(":org:datamer.data.db.ml:")]
    public void The_nine_organisations_of_the_seed_are_read(string tag)
    {
        var path = tag[5..^1];

        MailTags.Read($"Backup {tag}", "").Org.ShouldBe(path);
        MailTags.Read("Backup", $"text {tag} text").Org.ShouldBe(path);
        MailTags.Read($":warn:{tag} Backup :sched-perday-2:", "") .Org.ShouldBe(path);
        MailTags.Read(tag.ToUpperInvariant(), "").Org.ShouldBe(path);
        MailTags.Read($": org : {path} :", "").Org.ShouldBe(path);
    }

    [Theory]
    [Trait("Demand", "S4-14")]
    [InlineData(":org:shop.payments done", "close it with a colon")]
    [InlineData(":org:shop.payments",      "close it with a colon")]
    [InlineData("org:shop.payments: done", "a colon before it")]
    [InlineData(":org:shop..payments:",    "between dots")]
    [InlineData(":org:.shop:",             "between dots")]
    [InlineData(":org:shop.:",             "between dots")]
    [InlineData(":org::",                  "between dots")]
    [InlineData(":org:a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u:", "between dots")]
    public void An_organisation_that_is_nearly_right_is_reported(string text, string advice)
    {
        var tags = MailTags.Read(text, "");

        tags.Org.ShouldBeNull();
        tags.LooksLike.ShouldHaveSingleItem().ShouldContain(advice);
    }

    [Fact]
    public void A_slip_of_svr_is_reported() => MailTags.Read("Disk :srv:db1.example.org", "").LooksLike.ShouldHaveSingleItem().ShouldContain("write :svr: and a host name");

    [Theory]
    [Trait("Demand", "S4-15")]
    [InlineData(":svr:db1.example.org",                              "db1.example.org")]
    [InlineData(":svr:db1.example.org:",                             "db1.example.org")]
    [InlineData(":svr:DB1.Example.org.",                             "db1.example.org")]
    [InlineData("See :svr:db1.example.org, please",                  "db1.example.org")]
    [InlineData(":svr:db1.example.org:svr:db2.example.org",          "db1.example.org,db2.example.org")]
    [InlineData(":svr:db1.example.org:info: done",                   "db1.example.org")]
    [InlineData(":svr: db1.example.org",                             "db1.example.org")]
    [InlineData(":svr:db1.example.org :svr:db2.example.org :svr:db1.example.org", "db1.example.org,db2.example.org")]
    [InlineData(":svr:web-1.example.org\n:svr:web-2.example.org\n:svr:web_3.example.org", "web-1.example.org,web-2.example.org,web_3.example.org")]
    [InlineData(":svr:10.0.0.5",                                     "10.0.0.5")]
    public void Any_number_of_servers_is_read_without_a_closing_colon(string body, string servers) =>
        string.Join(',', MailTags.Read("Disk", body).Servers).ShouldBe(servers);

    [Fact]
    [Trait("Demand", "S4-15")]
    public void Servers_have_an_end()
    {
        var tags = MailTags.Read("", string.Join(' ', Enumerable.Range(0, 100).Select(n => $":svr:host{n}.example.org")));

        tags.Servers.Count.ShouldBe(MailTags.MaxServers);
    }

    [Theory]
    [InlineData(":svr:",                 "host name")]
    [InlineData(":svr:-x-.example",      "host name")]
    [InlineData(":server:db1.example.org", "host name")]
    [InlineData(":host:db1.example.org", "host name")]
    [InlineData("svr:db1.example.org",   "a colon before it")]
    [InlineData(":crit: Disk full",      "write :critical:")]
    [InlineData(":warning: Disk full",   "write :warn:")]
    [InlineData(":Warning: Disk full",   "write :warn:")]
    [InlineData(":information: done",    "write :info:")]
    [InlineData(":error: it broke",      "write :critical: or :warn:")]
    [InlineData(":fatal: it broke",      "write :critical: or :warn:")]
    [InlineData(":critical Disk full",   "write :critical:")]
    [InlineData(":warn",                 "write :warn:")]
    [InlineData(":info : done",          "write :info:")]
    [InlineData("critical: Disk full",   "a colon before it")]
    [InlineData("WARN: Disk full",       "a colon before it")]
    public void What_looks_like_a_tag_is_reported_with_what_to_write(string subject, string advice)
    {
        var tags = MailTags.Read(subject, "");

        (tags.Severity, tags.Servers.Count).ShouldBe((null, 0));
        tags.LooksLike.ShouldHaveSingleItem().ShouldContain(advice);
    }

    [Theory]
    [InlineData("Re: Backup of 08:30:15 done", "host: db1\nstatus: critical: no\nhttps://example.org:8443/info: x\nwarn: low\nStart: info")]
    [InlineData("10:info:20", "a:critical:b and c::d :: : :: : ")]
    [InlineData("Scheduled: tasks", "the task is :scheduled for noon; ratio 3:1; :) :( :-) :smile:")]
    [InlineData("", ":")]
    public void Plain_text_with_colons_has_no_tag_and_no_note(string subject, string body)
    {
        var tags = MailTags.Read(subject, body);

        (tags.Severity, tags.Schedule, tags.Org, tags.Servers.Count).ShouldBe((null, null, null, 0));
        tags.LooksLike.ShouldBeEmpty();
    }

    [Fact]
    public void A_second_schedule_or_organisation_is_reported()
    {
        var tags = MailTags.Read("Backup :sched-perday-2: :org:a.b:", ":sched-perday-3: :org:c.d: :sched-perday-2:");

        (tags.Schedule, tags.Org).ShouldBe((new CountSchedule(2, 0, CountPer.Day), "a.b"));
        tags.LooksLike.Count.ShouldBe(2);
        tags.LooksLike[0].ShouldBe(":sched-perday-3: was not used: the first schedule of the mail counts, :sched-perday-2:.");
    }

    [Fact]
    public void A_body_full_of_near_tags_leaves_few_notes() =>
        MailTags.Read("", string.Concat(Enumerable.Range(0, 10_000).Select(n => $":crit: {n} :sched-x{n}: "))).LooksLike.Count.ShouldBeLessThanOrEqualTo(MailTags.MaxNotes);
}
