using Watchdesk.Notices;

namespace Watchdesk.Incidents;

/// <summary>What a call does to one storm, counted before it is applied in parts.</summary>
/// <param name="Hosts">All that it opens with, when it is new: its first part holds but a few of them.</param>
public sealed record StormTally(int Joined, int Recovered, string Call, IReadOnlyList<HostGroup>? Hosts = null);

/// <summary>The lines of history that tell how an incident came from one state to the next.</summary>
public static class IncidentStory
{
    /// <param name="before">Null for a new one.</param>
    /// <param name="tally">Of a storm: told once per call, whatever the number of its parts.</param>
    public static IReadOnlyList<HistoryEntry> Tell(Incident? before, Incident after, StormTally? tally, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(after);
        var lines = new List<HistoryEntry>();
        if (before is null)
        {
            Add("opened", $"Opened as {Words.Of(after.Severity)}: {after.Reason}");
        }

        if (after.IsStorm && tally is not null && before?.LastCall != tally.Call)
        {
            TellStorm(before, after, tally, Add);
        }

        if (before is not null && before.Severity != after.Severity)
        {
            Add("severity", $"From {Words.Of(before.Severity)} to {Words.Of(after.Severity)}: {after.Reason}");
        }
        else if (before is not null && after.IsOpen && before.Reason != after.Reason)
        {
            Add("changed", after.Reason);
        }

        if (after.IsOpen && (before?.IsFlapping ?? false) != after.IsFlapping)
        {
            Add("flapping", after.IsFlapping ? "It flaps: good and bad in turn. It stays open until that ends." : "It does not flap any more.");
        }

        if (!after.IsOpen && before is not { IsOpen: false })
        {
            Add("resolved", $"{after.Resolution} It was open for {NoticeText.Span(now - after.OpenedAt)}.");
        }

        return lines;

        void Add(string kind, string text) => lines.Add(new HistoryEntry(kind, now, HistoryEntry.Desk, text));
    }

    static void TellStorm(Incident? before, Incident after, StormTally tally, Action<string, string> add)
    {
        if (tally.Joined > 0)
        {
            add("joined", $"{IncidentChanges.Count(tally.Joined, after.Subject)} joined.{(tally.Hosts is { } hosts ? " " + string.Join("; ", HostGroup.Lines(hosts)) : "")}");
        }

        if (tally.Recovered > 0)
        {
            add("recovered", $"{IncidentChanges.Count(tally.Recovered, after.Subject)} good again.");
        }
    }
}
