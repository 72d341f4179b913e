namespace Watchdesk.Operations.Providers;

/// <summary>
/// What a person may say to a program. There is no shell, so signs of a shell mean nothing; what could make the program
/// read a file, fetch an address, use other credentials or take a switch for a word is refused.
/// </summary>
/// <param name="Commands">The words that are neither a switch nor its value, in their order.</param>
/// <param name="Rest">All other words, in their order.</param>
/// <param name="Problem">Why it is refused, and what to do; null when it is not.</param>
sealed record AllowList(IReadOnlyList<string> Commands, IReadOnlyList<string> Rest, string? Problem)
{
    const int MaxWord = 2000;
    const int MaxAll = 8000;

    public static AllowList Check(Cli cli, IReadOnlyList<string> words)
    {
        List<string> commands = [], rest = [];
        var problem = words.Count > Sentence.MaxWords || words.Sum(word => word.Length) > MaxAll || words.Any(word => word.Length > MaxWord)
            ? $"A command has at most {Sentence.MaxWords} words of {MaxWord} characters, {MaxAll} in all." : null;
        for (var n = 0; n < words.Count && problem is null;)
        {
            var word = words[n++];
            if (word.Length < 2 || word[0] != '-')
            {
                commands.Add(word);
                problem = WordProblem(word);
                continue;
            }

            rest.Add(word);
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? word : word[..equals];
            if (!cli.Switches.TryGetValue(name, out var known))
            {
                problem = $"The switch {Shown(name)} is not on the list of switches that may be given to {cli.Program}. An operator of this desk can add it to the provider.";
            }
            else if (equals >= 0)
            {
                problem = known.Takes == SwitchTakes.Nothing ? $"The switch {name} takes no value." : ValueProblem(name, known, word[(equals + 1)..]);
            }
            else
            {
                problem = TakeValues(name, known, words, ref n, rest);
            }
        }

        problem ??= cli.Refused.FirstOrDefault(refused => Pattern.IsCommand(refused, commands)) is { } never
            ? $"\"{cli.Program} {never.Replace("**", "", StringComparison.Ordinal).Trim()}\" is never run from here: it would read or write files, open a session or show a secret." : null;
        return new AllowList(commands, rest, problem);
    }

    /// <summary>Known as harmless, or only its help is asked for; everything else counts as a change.</summary>
    public bool IsRead(Cli cli) => (Commands.Count > 0 && Commands[^1] == cli.Help) || Rest.Any(word => word == cli.Help && word[0] == '-') || cli.Reads.Any(read => Pattern.IsCommand(read, Commands));

    static string? TakeValues(string name, Switch known, IReadOnlyList<string> words, ref int n, List<string> rest)
    {
        var most = known.Takes switch { SwitchTakes.Nothing => 0, SwitchTakes.One => 1, _ => int.MaxValue };
        var taken = 0;
        string? problem = null;
        for (; taken < most && n < words.Count && problem is null && words[n] is not ['-', _, ..]; taken++)
        {
            problem = ValueProblem(name, known, words[n]);
            rest.Add(words[n++]);
        }

        return problem ?? (most > 0 && taken == 0 ? $"The switch {name} needs a value." : null);
    }

    static string? ValueProblem(string name, Switch known, string value) => known.Pattern is { } pattern
        ? CommonProblem(value) ?? (Pattern.Fits(pattern, value) ? null : $"The value of {name} must match {pattern}.")
        : CommonProblem(value) ?? (IsAddress(value) ? $"{Shown(value)} is an address, and values are not fetched from one." : null);

    /// <summary>A word that stands by itself is the name of something, never of a file on this machine.</summary>
    static string? WordProblem(string word) => CommonProblem(word)
        ?? (word.Length > 0 && (word[0] is '/' or '.' or '~' || word.Contains("..", StringComparison.Ordinal) || word.Contains('\\', StringComparison.Ordinal)) ? $"{Shown(word)} looks like a path, and files of this machine are not used." : null)
        ?? (IsAddress(word) ? $"{Shown(word)} is an address, and values are not fetched from one." : null);

    static string? CommonProblem(string word) =>
        word.Any(c => char.IsControl(c) || char.IsSurrogate(c)) ? "A word has a line break or another control character; write it on one line."
        : word.StartsWith('@') || word.Contains("@=", StringComparison.Ordinal) || word.Contains("file://", StringComparison.OrdinalIgnoreCase) || word.Contains("fileb://", StringComparison.OrdinalIgnoreCase)
            ? $"{Shown(word)} would be read from a file; give the value itself." : null;

    static bool IsAddress(string word) => word.StartsWith("http:", StringComparison.OrdinalIgnoreCase) || word.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    static string Shown(string word) => word.Length <= 60 ? $"\"{word}\"" : $"\"{word[..60]}…\"";
}
