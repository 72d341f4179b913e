namespace Watchdesk.Operations.Providers;

/// <summary>A command-line program and the little that may be said to it.</summary>
/// <param name="Program">A bare name, looked up in the operator's folders of programs.</param>
public sealed record Cli(string Program)
{
    /// <summary>The container image that holds the program, for Azure.</summary>
    public string? Image { get; init; }

    /// <summary>The allow list, by the exact spelling of each switch. Any other switch is refused.</summary>
    public IReadOnlyDictionary<string, Switch> Switches { get; init; } = new Dictionary<string, Switch>(StringComparer.Ordinal);

    /// <summary>Set by the operator: added after the check, at the end of every call.</summary>
    public IReadOnlyList<string> Trailing { get; init; } = [];

    /// <summary>Beside PATH and HOME the whole environment, with the credentials.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Files below the temporary HOME, with {credential} placeholders.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Calls of the program before each command, such as a sign-in; {credential} placeholders are filled.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Before { get; init; } = [];

    /// <summary>What follows a command to get its help.</summary>
    public string Help { get; init; } = "--help";

    /// <summary>What the program is asked, after the words of a command, to answer with the commands below it; empty when <see cref="Commands"/> are all.</summary>
    public string Ask { get; init; } = "";

    /// <summary>First words that are commands, when the program is not asked.</summary>
    public IReadOnlyList<string> Commands { get; init; } = [];

    /// <summary>Commands that change nothing: the last word of a command, with * at its end for any rest.</summary>
    public IReadOnlyList<string> Reads { get; init; } = [];

    /// <summary>Commands that are never run: their first words.</summary>
    public IReadOnlyList<string> Refused { get; init; } = [];

    /// <summary>How a sentence becomes a command: a verb of the sentence to beginnings of commands, {0} being the things.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Phrases { get; init; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);
}

public enum SwitchTakes
{
    Nothing,
    One,
    Many,
}

/// <summary>One switch of an allow list.</summary>
/// <param name="Pattern">What each value must match as a whole; anything without control characters when not given.</param>
public sealed record Switch(SwitchTakes Takes = SwitchTakes.One, string? Pattern = null);
