namespace Watchdesk.Notices;

/// <summary>One line in the story of an incident.</summary>
/// <param name="Kind">opened, severity, changed, joined, recovered, flapping, acknowledged, released, reminded, comment, resolved, decided, sent, failed.</param>
/// <param name="By">Who did it; Watchdesk itself when it was nobody.</param>
public sealed record HistoryEntry(string Kind, DateTimeOffset At, string By, string Text)
{
    public const string Desk = "Watchdesk";
    public const int MaxText = 2000;
}

/// <summary>A page of a story, newest first.</summary>
public sealed record HistoryPage(IReadOnlyList<HistoryEntry> Items, string? Next);
