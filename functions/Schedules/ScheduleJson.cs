using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Watchdesk.Schedules;

/// <summary>
/// Reads and writes <c>{"period","grace"?} | {"cron","timeZone"? (UTC),"grace"?} | {"declared":true,"grace"?} |
/// {"count","variance"? (0),"per":"hour|day|month"}</c>. A grace that is left out is a fifth of the period within 1 min
/// to 1 h, 10 min for the others; it is always written, as is the variance.
/// </summary>
public sealed class ScheduleJson : JsonConverter<Schedule>
{
    static readonly string[] Known = ["period", "cron", "timeZone", "declared", "grace", "count", "variance", "per"];
    static readonly string[] Kinds = ["period", "cron", "declared", "count"];
    static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override Schedule Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(JsonElement.ParseValue(ref reader));

    public override void Write(Utf8JsonWriter writer, Schedule value, JsonSerializerOptions options) => Write(writer, value);

    /// <exception cref="ScheduleFormatException">The text is not JSON or not a schedule.</exception>
    public static Schedule Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            throw new ScheduleFormatException("schedule", "is not JSON.");
        }
    }

    public static string ToText(Schedule schedule)
    {
        var buffer = new ArrayBufferWriter<byte>(96);
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            Write(writer, schedule);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    static Schedule Read(JsonElement json)
    {
        var members = ScheduleMembers.Read("schedule", json, Known);
        var kinds = Kinds.Where(members.Has).ToList();
        if (kinds.Count != 1)
        {
            throw new ScheduleFormatException("schedule", $"needs exactly one of period, cron, declared, count; it has {(kinds.Count == 0 ? "none" : string.Join(", ", kinds))}.");
        }

        RefuseStrays(members, kinds[0]);
        var grace = members.Duration("grace");
        switch (kinds[0])
        {
            case "period":
                var period = members.Duration("period")!.Value;
                return new PeriodSchedule(period, grace ?? PeriodSchedule.DefaultGrace(period));
            case "cron":
                return CronSchedule.Parse(members.Text("cron")!, members.Text("timeZone") ?? "UTC", grace ?? CronSchedule.DefaultGrace);
            case "count":
                return new CountSchedule(
                    members.Number("count")!.Value,
                    members.Number("variance") ?? 0,
                    CountSchedule.ParsePer(members.Text("per") ?? throw new ScheduleFormatException("per", "is missing: say hour, day or month.")));
            default:
                return members.IsTrue("declared")
                    ? new DeclaredSchedule(grace ?? DeclaredSchedule.DefaultGrace)
                    : throw new ScheduleFormatException("declared", "can only be true.");
        }
    }

    static void RefuseStrays(ScheduleMembers members, string kind)
    {
        string[] strays = kind switch
        {
            "cron" => ["variance", "per"],
            "count" => ["grace", "timeZone"],
            _ => ["variance", "per", "timeZone"],
        };
        if (Array.Find(strays, members.Has) is { } stray)
        {
            throw new ScheduleFormatException(stray, $"does not belong to a {kind} schedule.");
        }
    }

    static void Write(Utf8JsonWriter writer, Schedule schedule)
    {
        writer.WriteStartObject();
        switch (schedule)
        {
            case PeriodSchedule period:
                writer.WriteString("period"u8, period.Period.ToString("c"));
                break;
            case CronSchedule cron:
                writer.WriteString("cron"u8, cron.Cron.ToString());
                writer.WriteString("timeZone"u8, cron.Zone.Id);
                break;
            case CountSchedule count:
                writer.WriteNumber("count"u8, count.Count);
                writer.WriteNumber("variance"u8, count.Variance);
                writer.WriteString("per"u8, count.PerText);
                break;
            default:
                writer.WriteBoolean("declared"u8, true);
                break;
        }

        if (schedule is TimedSchedule timed)
        {
            writer.WriteString("grace"u8, timed.Grace.ToString("c"));
        }

        writer.WriteEndObject();
    }
}
