using System.Globalization;

namespace Watchdesk.Hosting.Embedded.Orchestrations;

/// <summary>
/// Row keys below an instance: <c>h~</c> history by turn, <c>i</c> the instance, <c>n~</c> inputs that no message carries,
/// <c>o~</c> actions that are to be carried out, <c>q~</c> what arrived and no turn has taken. An arrival that can come twice has one key.
/// </summary>
static class DurableKeys
{
    public const string History = "h~";
    public const string Outbox = "o~";
    public const string Inbox = "q~";

    /// <summary>What goes to whatever generation runs.</summary>
    const string Any = "any";

    public static string HistoryRow(string execution, int turn, int part) => string.Create(CultureInfo.InvariantCulture, $"{History}{execution}~{turn:D8}~{part:D3}");

    public static string OutboxRow(int turn, int part) => string.Create(CultureInfo.InvariantCulture, $"{Outbox}{turn:D8}~{part:D3}");

    public static string Input(string execution, int task) => string.Create(CultureInfo.InvariantCulture, $"n~{execution}~{task:D8}");

    public static string Started(string execution) => $"{Inbox}{execution}~started";

    public static string Task(string execution, int task) => string.Create(CultureInfo.InvariantCulture, $"{Inbox}{execution}~{task:D8}");

    /// <param name="id">Made by whoever sends; the same when it sends again.</param>
    public static string Event(string id) => $"{Inbox}{Any}~{id}";

    /// <summary>Of an earlier generation, or of none.</summary>
    public static bool IsLate(string key, string execution)
    {
        var parts = key.Split('~');
        return parts[0] is "h" or "q" or "n" && parts[1] != execution && parts[1] != Any;
    }
}
