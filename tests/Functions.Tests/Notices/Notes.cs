using Watchdesk.Notices;

namespace Watchdesk.Tests.Notices;

/// <summary>Builders of notices.</summary>
static class Notes
{
    public static readonly DateTimeOffset Now = new(2026, 11, 20, 22, 5, 0, TimeSpan.Zero);

    public static Notice Notice(string name = "nightly-backup", NoticeKind kind = NoticeKind.Opened, Level level = Level.Critical, IReadOnlyList<string>? lines = null, string? reason = null) => new(
        "0193f0c0000070008000000000000001.1",
        "main",
        kind,
        level,
        "0193f0c0000070008000000000000001",
        name,
        reason ?? "No success for 25 min; expected by 21:40.",
        Now.AddMinutes(-25),
        Now,
        "/incidents/0193f0c0000070008000000000000001",
        Now.AddDays(-1),
        "db-7",
        "Look at the log of the last run; restart it when the disk has room.",
        ["Ops (mail)", "On call (teams)"],
        lines);

    public static Message Message(Notice? notice = null) =>
        new(notice ?? Notice(), "0193f0c0000070008000000000000001.1.c1", "0193f0c0000070008000000000000001.c1", "https://desk.example.org", Now);
}
