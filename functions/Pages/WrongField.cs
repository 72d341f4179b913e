using Watchdesk.Hosting;
using Watchdesk.Schedules;

namespace Watchdesk.Pages;

/// <summary>What is wrong with a form, and the field that it is about; empty when it is about none.</summary>
public sealed record WrongField(string Name, string Message)
{
    /// <summary>Errors begin with the member that they are about.</summary>
    public static WrongField Of(Exception error, IReadOnlyCollection<string> fields)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(fields);
        var name = error is ScheduleFormatException wrong ? wrong.Field : error.Message.Split(' ', ':')[0];
        return new WrongField(fields.Contains(name) ? name : "", error.Message);
    }

    /// <summary>What somebody typed; anything else is a fault of the desk.</summary>
    public static bool Is(Exception error) => error is InvalidRequestException or FormatException;
}
