using System.Globalization;
using System.Text;

namespace Watchdesk.Incidents.Reports;

/// <summary>Pure: incidents as lines of CSV (RFC 4180) that a spreadsheet takes for text, and not for a formula, whatever they hold.</summary>
public static class ReportCsv
{
    const string Header = "id,name,severity,classification,created,assigned,completed,seconds to assignment,seconds from assignment to completion,seconds to completion\r\n";

    public static string Of(IReadOnlyList<ReportCase> cases)
    {
        var csv = new StringBuilder("\uFEFF").Append(Header);
        foreach (var known in cases)
        {
            csv.AppendJoin(
                ',',
                [
                    Cell(known.Id), Cell(known.Name), Words.Of(known.Severity), Cell(known.Org), At(known.CreatedAt), At(known.AssignedAt), At(known.CompletedAt),
                    Seconds(known.AssignedAt - known.CreatedAt), Seconds(known.CompletedAt - known.AssignedAt), Seconds(known.CompletedAt - known.CreatedAt),
                ]).Append("\r\n");
        }

        return csv.ToString();
    }

    /// <summary>A first = + - @, tab or line end begins a formula; so does one behind blanks.</summary>
    public static string Cell(string text)
    {
        var isFormula = text.TrimStart(' ', '\u00a0') is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠', ..];
        var safe = isFormula ? "'" + text : text;
        return safe.AsSpan().IndexOfAny("\",\r\n'") >= 0 ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }

    static string At(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";

    static string Seconds(TimeSpan? span) => span is { } known ? Math.Max(0, Math.Round(known.TotalSeconds)).ToString(CultureInfo.InvariantCulture) : "";
}
