using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Watchdesk.Client;

namespace Watchdesk.Tests.Client;

public sealed class RunEventJsonTests
{
    static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-11-20T08:00:00Z");

    [Fact]
    [Trait("Demand", "S0-5")]
    public void An_event_is_written_as_the_desk_reads_it()
    {
        var e = new RunEvent("nightly-backup", RunEventKind.Fail)
        {
            RunId = "r1",
            ScheduledAt = Now.AddSeconds(-90),
            NextAt = Now.AddDays(1),
            Duration = TimeSpan.FromSeconds(88.5),
            ExitStatus = 3,
            Message = "disk \"D:\\\" is full\n",
        };

        Encoding.UTF8.GetString(RunEventJson.Line(e, Now, "sql02")).ShouldBe(
            """{"job":"nightly-backup","runId":"r1","kind":"fail","at":"2026-11-20T08:00:00.0000000Z","scheduledAt":"2026-11-20T07:58:30.0000000Z","nextAt":"2026-11-21T08:00:00.0000000Z","duration":"00:01:28.5000000","exitStatus":3,"host":"sql02","message":"disk \"D:\\\" is full\n"}"""
            + "\n");
    }

    [Fact]
    public void Nothing_due_is_an_explicit_null() =>
        Encoding.UTF8.GetString(RunEventJson.Line(new RunEvent("j", RunEventKind.Log) { NothingDue = true, NextAt = Now }, Now, "")).ShouldBe(
            """{"job":"j","kind":"log","at":"2026-11-20T08:00:00.0000000Z","nextAt":null}""" + "\n");

    [Fact]
    public void Any_text_is_one_line_of_good_json_and_bounded() =>
        Prop.ForAll<string>(text =>
        {
            var line = RunEventJson.Line(new RunEvent("j", RunEventKind.Log) { Message = text }, Now, "h");
            var message = JsonElement.Parse(line).Text("message");
            return line.Count(b => b == '\n') == 1 && (string.IsNullOrEmpty(text) ? message is null : message!.Length == text.Length);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_surrogate_without_its_half_is_replaced_and_a_long_message_is_cut()
    {
        var line = RunEventJson.Line(new RunEvent("j", RunEventKind.Log) { Message = "\ud83d" + new string('x', 20_000) }, Now, "h");

        var message = JsonElement.Parse(line).Text("message")!;
        message[0].ShouldBe('\ufffd');
        message.Length.ShouldBe(8_000);
    }

    [Theory]
    [InlineData("send-notifications",    "send-notifications")]
    [InlineData("Reports.Send Mail!",    "reports-send-mail")]
    [InlineData("  Ünï  ",               "n")]
    [InlineData("日本",                   "job")]
    [InlineData("A_b-C9",                "a_b-c9")]
    public void A_slug_keeps_what_an_address_may_hold(string name, string slug) => JobSlug.From(name).ShouldBe(slug);

    [Fact]
    public void A_long_slug_is_cut_and_stays_different()
    {
        var (one, other) = (JobSlug.From(new string('a', 300) + "1"), JobSlug.From(new string('a', 300) + "2"));

        one.Length.ShouldBe(100);
        one.ShouldNotBe(other);
    }
}
