namespace Watchdesk.Hosting.Durable;

/// <summary>One thing that <see cref="StartWork"/> is to do with an orchestration.</summary>
/// <param name="Do">start, raise, terminate, suspend, resume or supervise.</param>
/// <param name="Id">Of the instance.</param>
/// <param name="Name">Of the orchestration or the event.</param>
/// <param name="Data">JSON text: the input or the event's data.</param>
/// <param name="Reason">For people, why it is terminated, suspended or resumed.</param>
sealed record WorkItem(string Do, string Id, string? Name = null, string? Data = null, string? Reason = null)
{
    public const string Kind = "durable";

    /// <summary>Legal in the extension, in our keys and in the due index.</summary>
    public static bool IsInstanceId(string? id) => id is { Length: > 0 and <= 100 } && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '-');

    /// <exception cref="FormatException">The text says what is wrong.</exception>
    public void Check()
    {
        var isNamed = Name is { Length: > 0 and <= 100 };
        var isFine = IsInstanceId(Id) && Do switch
        {
            "start" => isNamed && Data is not null,
            "raise" => isNamed,
            "terminate" or "suspend" or "resume" or "supervise" => true,
            _ => false,
        };
        if (!isFine)
        {
            throw new FormatException($"An item asks for \"{Do}\" of \"{Id}\" and is not complete or not known.");
        }
    }
}
