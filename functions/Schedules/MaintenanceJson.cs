using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Watchdesk.Schedules;

/// <summary>Reads and writes <c>{"from","to"} | {"weekly":"Sun 02:00-04:00","timeZone"? (UTC)}</c>.</summary>
public sealed class MaintenanceJson : JsonConverter<MaintenanceWindow>
{
    static readonly string[] Known = ["from", "to", "weekly", "timeZone"];

    public override MaintenanceWindow Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var members = ScheduleMembers.Read("maintenance", JsonElement.ParseValue(ref reader), Known);
        if (members.Text("weekly") is { } weekly)
        {
            return members.Has("from") || members.Has("to")
                ? throw new ScheduleFormatException("maintenance", "is either weekly or has from and to.")
                : WeeklyMaintenance.Parse(weekly, members.Text("timeZone") ?? "UTC");
        }

        return members.Has("timeZone")
            ? throw new ScheduleFormatException("timeZone", "belongs to weekly maintenance; from and to carry their own offset.")
            : new SingleMaintenance(Instant(members, "from"), Instant(members, "to"));
    }

    public override void Write(Utf8JsonWriter writer, MaintenanceWindow value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        if (value is WeeklyMaintenance weekly)
        {
            writer.WriteString("weekly"u8, weekly.Weekly);
            writer.WriteString("timeZone"u8, weekly.Zone.Id);
        }
        else if (value is SingleMaintenance single)
        {
            writer.WriteString("from"u8, single.From);
            writer.WriteString("to"u8, single.To);
        }

        writer.WriteEndObject();
    }

    static DateTimeOffset Instant(ScheduleMembers members, string name)
    {
        var text = members.Text(name) ?? throw new ScheduleFormatException("maintenance", $"needs weekly, or from and to; {name} is missing.");
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : throw new ScheduleFormatException(name, $"{Durations.Quoted(text)} is not an instant such as \"2026-05-01T02:00:00Z\".");
    }
}
