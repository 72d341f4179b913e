using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Watchdesk.Clients;

/// <summary>Rows as they go to the table service: JSON with the type beside what JSON has no type for.</summary>
static class TableJson
{
    const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static void Write(Utf8JsonWriter json, TableRow row)
    {
        json.WriteStartObject();
        json.WriteString("PartitionKey"u8, row.PartitionKey);
        json.WriteString("RowKey"u8, row.RowKey);
        foreach (var (name, value) in row.Values)
        {
            Write(json, name, value);
        }

        json.WriteEndObject();
        json.Flush();
    }

    static void Write(Utf8JsonWriter json, string name, object value)
    {
        switch (value)
        {
            case string text:
                json.WriteString(name, text);
                break;
            case bool flag:
                json.WriteBoolean(name, flag);
                break;
            case int number:
                json.WriteNumber(name, number);
                break;
            case long number:
                Annotate(json, name, "Edm.Int64");
                json.WriteString(name, number.ToString(CultureInfo.InvariantCulture));
                break;
            case double real:
                Annotate(json, name, "Edm.Double");
                WriteDouble(json, name, real);
                break;
            case DateTimeOffset time:
                Annotate(json, name, "Edm.DateTime");
                json.WriteString(name, time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
                break;
            case Guid guid:
                Annotate(json, name, "Edm.Guid");
                json.WriteString(name, guid);
                break;
            case byte[] bytes:
                Annotate(json, name, "Edm.Binary");
                json.WriteBase64String(name, bytes);
                break;
        }
    }

    static void WriteDouble(Utf8JsonWriter json, string name, double real)
    {
        if (double.IsFinite(real))
        {
            json.WriteNumber(name, real);
        }
        else
        {
            json.WriteString(name, double.IsNaN(real) ? "NaN" : real > 0 ? "Infinity" : "-Infinity");
        }
    }

    static void Annotate(Utf8JsonWriter json, string name, string type) => json.WriteString(name + "@odata.type", type);
}
