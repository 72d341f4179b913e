using Watchdesk.Operations.Providers;

namespace Watchdesk.Operations.Runners;

/// <summary>What a program said when it was asked for the commands below these words.</summary>
/// <param name="Usage">All that it said.</param>
sealed record Listing(IReadOnlyList<string> Words, IReadOnlyList<string> Commands, string Usage);

enum ChoiceKind
{
    /// <summary>The program is asked first which commands it has.</summary>
    Ask,

    /// <summary>The command that was meant.</summary>
    Run,

    /// <summary>The program's help, since nothing else fits: a failure.</summary>
    Help,

    /// <summary>What the program has said already; a failure.</summary>
    Usage,
}

/// <param name="Words">What the program is told; for <see cref="ChoiceKind.Ask"/> the command whose commands are asked for.</param>
sealed record Choice(ChoiceKind Kind, IReadOnlyList<string> Words, string Usage = "")
{
    /// <summary>Decides what a program is told when somebody has said these words to it.</summary>
    /// <param name="isHelp">Nothing of it is run: only help is looked for.</param>
    /// <param name="known">What the program has listed so far.</param>
    public static Choice Of(Cli cli, IReadOnlyList<string> words, bool isHelp, IReadOnlyList<Listing> known)
    {
        var said = AllowList.Check(cli, words);
        if (Commands(cli, [], known) is not { } top)
        {
            return new Choice(ChoiceKind.Ask, []);
        }

        if (!isHelp && said.Commands.Count > 0 && top.Contains(said.Commands[0], StringComparer.Ordinal))
        {
            return new Choice(ChoiceKind.Run, words);
        }

        var service = said.Commands.FirstOrDefault(word => top.Contains(word.ToLowerInvariant(), StringComparer.Ordinal))?.ToLowerInvariant();
        if (service is null)
        {
            return Lost(cli, [], isHelp, known);
        }

        if (Commands(cli, [service], known) is not { } below)
        {
            return new Choice(ChoiceKind.Ask, [service]);
        }

        var hits = Hits(cli, said.Commands, service, below, isHelp);
        return hits.Count != 1 ? Lost(cli, [service], isHelp, known)
            : isHelp ? new Choice(ChoiceKind.Help, [service, hits[0], cli.Help])
            : new Choice(ChoiceKind.Run, [service, hits[0], .. said.Rest]);
    }

    /// <summary>The commands in an answer to <see cref="Cli.Ask"/>; none when it lists none.</summary>
    public static Listing Read(IReadOnlyList<string> words, string output)
    {
        const string Mark = "valid choices are:";
        var at = output.IndexOf(Mark, StringComparison.Ordinal);
        var names = at < 0 ? [] : output[(at + Mark.Length)..].Split([' ', '|', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries).Where(IsName);
        return new Listing(words, [.. names.Distinct(StringComparer.Ordinal)], output);
    }

    /// <summary>Null while the program has not been asked.</summary>
    static IReadOnlyList<string>? Commands(Cli cli, IReadOnlyList<string> words, IReadOnlyList<Listing> known) =>
        cli.Ask.Length == 0 ? words.Count == 0 ? cli.Commands : [] : known.FirstOrDefault(listing => listing.Words.SequenceEqual(words))?.Commands;

    /// <summary>Commands that the sentence can mean: its first word is the verb, or with help any of its words.</summary>
    static List<string> Hits(Cli cli, IReadOnlyList<string> commands, string service, IReadOnlyList<string> below, bool isHelp)
    {
        var words = commands.Select(word => word.ToLowerInvariant()).ToList();
        var verb = isHelp ? words.Find(cli.Phrases.ContainsKey) : words[0];
        if (verb is null || !cli.Phrases.TryGetValue(verb, out var templates))
        {
            return [];
        }

        words.Remove(verb);
        words.Remove(service);
        var things = string.Join('-', words);
        var forms = things.EndsWith('s') ? [things] : new[] { things, things + "s" };
        return
        [
            .. from template in templates from form in forms
               let command = template.Replace("{things}", form, StringComparison.Ordinal)
               where things.Length > 0 && below.Contains(command, StringComparer.Ordinal)
               select command,
        ];
    }

    static Choice Lost(Cli cli, IReadOnlyList<string> words, bool isHelp, IReadOnlyList<Listing> known) =>
        !isHelp && known.FirstOrDefault(listing => listing.Words.SequenceEqual(words)) is { } listed ? new Choice(ChoiceKind.Usage, words, listed.Usage) : new Choice(ChoiceKind.Help, [.. words, cli.Help]);

    static bool IsName(string word) => word.Length <= 100 && Pattern.Fits("[a-z0-9][a-z0-9-]*", word);
}
