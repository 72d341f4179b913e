using Watchdesk.Mail;
using Watchdesk.Mail.Rules;
using Watchdesk.Schedules;

namespace Watchdesk.Tests.Mail.Rules;

public sealed class MailPatternTests
{
    [Theory]
    [InlineData(@"disk (\d+) %",           "Disk 98 % full",        true)]
    [InlineData(@"^backup .* db1$",        "first\nBackup of db1\n", true)]
    [InlineData(@"[(?=\1]",                "(",                     true)]
    [InlineData(@"\(\?=",                  "a(?=b",                 true)]
    [InlineData(@"[](?=]",                 "]",                     true)]
    [InlineData(@"db1\.example\.org",      "db1xexample.org",       false)]
    public void What_is_allowed_matches(string pattern, string text, bool matches) =>
        MailPattern.Compile("match.subject", pattern)!.IsMatch(text).ShouldBe(matches);

    [Theory]
    [InlineData(@"a(?=b)",     2,  "a lookahead")]
    [InlineData(@"a(?!b)",     2,  "a lookahead")]
    [InlineData(@"(?<=b)a",    1,  "a lookbehind")]
    [InlineData(@"(?<!b)a",    1,  "a lookbehind")]
    [InlineData(@"(a)\1",      4,  "a backreference")]
    [InlineData(@"(?<n>a)\k<n>", 8, "a backreference")]
    [InlineData(@"x(?>a)",     2,  "an atomic group")]
    [InlineData(@"(?(a)b|c)",  1,  "a condition")]
    [InlineData(@"\Ga",        1,  "\\G")]
    [InlineData(@"a(b",        4,  "not enough )'s.")]
    [InlineData(@"a**",        4,  "nested quantifier '*'.")]
    public void What_is_not_points_at_its_column(string pattern, int column, string says)
    {
        var wrong = Should.Throw<ScheduleFormatException>(() => MailPattern.Compile("match.subject", pattern));

        wrong.Column.ShouldBe(column, wrong.Message);
        wrong.Message.ShouldContain(says);
    }

    [Theory]
    [InlineData("(((a{90}){90}){90}){90}")]
    [InlineData("(x{1,500}y){1,500}")]
    public void Counts_that_make_it_large_are_refused(string pattern) =>
        Should.Throw<ScheduleFormatException>(() => MailPattern.Compile("match.subject", pattern)).Message.ShouldContain("too large");

    [Fact]
    public void It_is_bounded() =>
        Should.Throw<ScheduleFormatException>(() => MailPattern.Compile("match.subject", new string('a', 501))).Message.ShouldContain("more than 500");

    [Theory]
    [InlineData("Backup of db1 done 2026-11-20 03:12", "Backup of db1 .*")]
    [InlineData("Disk 98 % full on web-01.example.org", @"Disk .* % full on web-01\.example\.org")]
    [InlineData("Report (weekly) #4711",               @"Report \(weekly\) #.*")]
    [InlineData("2026-11-20",                          "")]
    public void A_pattern_from_a_subject_leaves_out_what_changes(string subject, string pattern) => SeriesKey.PatternOf(subject).ShouldBe(pattern);
}
