using System.Text.Json;

namespace Watchdesk.Schedules;

/// <summary>The members of a schedule or of budgets, each known and given once.</summary>
sealed class ScheduleMembers
{
    readonly Dictionary<string, object> _members = new(StringComparer.Ordinal);

    public static ScheduleMembers Read(string what, JsonElement json, IReadOnlyList<string> known)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new ScheduleFormatException(what, "is not a JSON object.");
        }

        var members = new ScheduleMembers();
        try
        {
            members.Fill(what, json, known);
        }
        catch (InvalidOperationException)
        {
            throw new ScheduleFormatException(what, "has an escape that is half a character.");
        }

        return members;
    }

    void Fill(string what, JsonElement json, IReadOnlyList<string> known)
    {
        foreach (var member in json.EnumerateObject())
        {
            if (!known.Contains(member.Name))
            {
                throw new ScheduleFormatException(what, $"{Durations.Quoted(member.Name)} is not known; known are {string.Join(", ", known)}.");
            }

            object value = member.Value.ValueKind switch
            {
                JsonValueKind.String => member.Value.GetString()!,
                JsonValueKind.Number when member.Value.TryGetInt32(out var number) => number,
                var kind => kind,
            };
            if (!_members.TryAdd(member.Name, value))
            {
                throw new ScheduleFormatException(what, $"{member.Name} is given twice.");
            }
        }
    }

    /// <summary>True when the member is there and not null.</summary>
    public bool Has(string name) => _members.TryGetValue(name, out var value) && value is not JsonValueKind.Null;

    public bool IsTrue(string name) => _members.GetValueOrDefault(name) is JsonValueKind.True;

    /// <summary>Null when the member is left out or null.</summary>
    public string? Text(string name) =>
        Has(name) ? _members[name] as string ?? throw new ScheduleFormatException(name, "is not a text.") : null;

    /// <summary>Null when the member is left out or null.</summary>
    public int? Number(string name) =>
        Has(name) ? _members[name] as int? ?? throw new ScheduleFormatException(name, "is not a whole number.") : null;

    public TimeSpan? Duration(string name) => Text(name) is { } text ? Durations.Parse(name, text) : null;
}
