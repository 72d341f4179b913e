using System.Text.Json;
using System.Text.Json.Serialization;

namespace Watchdesk.Schedules;

/// <summary>What one run may take, each 1 s to 366 d or none.</summary>
/// <param name="TooLong">A run without end is stuck after this.</param>
/// <param name="StartLate">A run that starts later than this after its scheduled time is late.</param>
/// <param name="TooShort">A run that ends sooner than this did no work.</param>
[JsonConverter(typeof(BudgetsJson))]
public sealed record Budgets(TimeSpan? TooLong = null, TimeSpan? StartLate = null, TimeSpan? TooShort = null)
{
    public static readonly Budgets None = new();

    public TimeSpan? TooLong { get; } = Checked("tooLong", TooLong);

    public TimeSpan? StartLate { get; } = Checked("startLate", StartLate);

    public TimeSpan? TooShort { get; } = Checked("tooShort", TooShort);

    static TimeSpan? Checked(string field, TimeSpan? value) => value is { } set ? Durations.Checked(field, set) : null;
}

/// <summary>Reads and writes <c>{"startLate","tooLong","tooShort"}</c>.</summary>
public sealed class BudgetsJson : JsonConverter<Budgets>
{
    public override Budgets Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var members = ScheduleMembers.Read("budgets", JsonElement.ParseValue(ref reader), ["tooLong", "startLate", "tooShort"]);
        return new Budgets(members.Duration("tooLong"), members.Duration("startLate"), members.Duration("tooShort"));
    }

    public override void Write(Utf8JsonWriter writer, Budgets value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        Write(writer, "startLate", value.StartLate);
        Write(writer, "tooLong", value.TooLong);
        Write(writer, "tooShort", value.TooShort);
        writer.WriteEndObject();
    }

    static void Write(Utf8JsonWriter writer, string name, TimeSpan? value)
    {
        if (value is { } set)
        {
            writer.WriteString(name, set.ToString("c"));
        }
    }
}
