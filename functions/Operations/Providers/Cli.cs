using System.Text.Json.Serialization;

namespace Watchdesk.Operations.Providers;

/// <summary>A command-line program and the little that may be said to it.</summary>
/// <param name="Program">A bare name, looked up in the operator's folders of programs.</param>
public sealed record Cli(string Program)
{
    /// <summary>The container image that holds the program, for Azure.</summary>
    public string? Image { get; set; }

    /// <summary>It acts on the machine of the desk itself: for the tenant main alone, and never in a container.</summary>
    public bool IsForThisMachine { get; set; }

    /// <summary>The allow list, by the exact spelling of each switch. Any other switch is refused.</summary>
    public IReadOnlyDictionary<string, Switch> Switches { get; set; } = new Dictionary<string, Switch>(StringComparer.Ordinal);

    /// <summary>Set by the operator: added after the check, at the end of every call.</summary>
    public IReadOnlyList<string> Trailing { get; set; } = [];

    /// <summary>Beside PATH and HOME the whole environment, with the credentials.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Files below the temporary HOME, with {credential} placeholders.</summary>
    public IReadOnlyDictionary<string, string> Files { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Calls of the program before each command, such as a sign-in; {credential} placeholders are filled.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Before { get; set; } = [];

    /// <summary>What follows a command to get its help.</summary>
    public string Help { get; set; } = "--help";

    /// <summary>A word that is no command: said after the words of one, the program answers with the commands below it. Empty when <see cref="Commands"/> are all.</summary>
    public string Ask { get; set; } = "";

    /// <summary>First words that are commands, when the program is not asked.</summary>
    public IReadOnlyList<string> Commands { get; set; } = [];

    /// <summary>Commands that change nothing, word by word: * is any rest of a word, ** any rest of the command.</summary>
    public IReadOnlyList<string> Reads { get; set; } = [];

    /// <summary>Commands that are never run, written in the same way.</summary>
    public IReadOnlyList<string> Refused { get; set; } = [];

    /// <summary>How a sentence becomes a command: its first word to commands below a service, {things} being the words after the service.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Phrases { get; set; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
}

public enum SwitchTakes
{
    [JsonStringEnumMemberName("nothing")]
    Nothing,
    [JsonStringEnumMemberName("one")]
    One,
    [JsonStringEnumMemberName("many")]
    Many,
}

/// <summary>One switch of an allow list.</summary>
/// <param name="Pattern">What each value must match as a whole; anything without control characters when not given.</param>
public sealed record Switch(SwitchTakes Takes = SwitchTakes.One, string? Pattern = null);
