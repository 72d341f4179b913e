namespace Watchdesk.Schedules;

/// <summary>A schedule that cannot be read; the message names the field, the column where there is one, and what is wrong.</summary>
/// <param name="field">The member that is wrong, for example <c>cron</c> or <c>grace</c>.</param>
/// <param name="column">1-based column within the field's text; null when the whole field is wrong.</param>
public sealed class ScheduleFormatException(string field, string reason, int? column = null)
    : FormatException(column is null ? $"{field}: {reason}" : $"{field}, column {column}: {reason}")
{
    public string Field { get; } = field;

    public int? Column { get; } = column;
}
