using Watchdesk.Heartbeats;
using Watchdesk.Mail;

namespace Watchdesk.Tests.Mail;

public class MailWordsTests
{
    [Theory]
    [InlineData("Backup OK",                   "",                      RunEventKind.Success)]
    [InlineData("Backup FAILED",               "done",                  RunEventKind.Fail)]
    [InlineData("Backup failed: 3 files done", "",                      RunEventKind.Fail)]
    [InlineData("Backup finished with errors", "",                      RunEventKind.Fail)]
    [InlineData("Backup finished, 0 errors",   "",                      RunEventKind.Success)]
    [InlineData("Backup done without errors",  "",                      RunEventKind.Success)]
    [InlineData("Backup was not successful",   "",                      RunEventKind.Fail)]
    [InlineData("Backup unsuccessful",         "",                      RunEventKind.Fail)]
    [InlineData("Backup started",              "",                      RunEventKind.Start)]
    [InlineData("Backup started successfully", "",                      RunEventKind.Start)]
    [InlineData("Start of backup failed",      "",                      RunEventKind.Fail)]
    [InlineData("Nightly backup",              "Result: failure",       RunEventKind.Fail)]
    [InlineData("Nightly backup",              "Starting at 8",         RunEventKind.Start)]
    [InlineData("Nightly backup",              "",                      RunEventKind.Success)]
    [InlineData("exit 0 ok",                   "",                      RunEventKind.Success)]
    [InlineData("Failover test",               "bookkeeping restarted", RunEventKind.Success)]
    [InlineData("",                            "",                      RunEventKind.Success)]
    public void The_words_say_what_happened(string subject, string body, RunEventKind kind) => MailWords.KindOf(subject, body).ShouldBe(kind);

    [Fact]
    public void Only_the_beginning_of_a_body_is_looked_at() =>
        MailWords.KindOf("Nightly backup", string.Concat(Enumerable.Repeat("word ", 300)) + "failed").ShouldBe(RunEventKind.Success);
}
