namespace Watchdesk.Operations.Providers;

/// <summary>
/// What a sentence asks for, in this order: an intent's phrase; a command, when the first word is a provider; a provider's
/// help, when it is named elsewhere; else it is not understood, and the nearest sentences are offered.
/// </summary>
static class Matching
{
    const int MostNearest = 3;

    public static Match Of(ProviderTable table, string text, string? intent)
    {
        if (Sentence.Words(text) is not { } words)
        {
            return new Match(MatchKind.Unknown) { Problems = [$"A message has at most {Sentence.MaxText} characters and {Sentence.MaxWords} words."] };
        }

        return (intent is null ? null : ByName(table, intent, words)) ?? ByPhrase(table, words) ?? ByProvider(table, words) ?? Unknown(table, words);
    }

    /// <summary>The intent with these arguments: checked, and with its defaults.</summary>
    public static Match Complete(Provider provider, Intent intent, IReadOnlyDictionary<string, string> given)
    {
        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        List<string> missing = [], problems = [];
        foreach (var argument in intent.Arguments)
        {
            var value = given.GetValueOrDefault(argument.Name) is { Length: > 0 } said ? said : argument.Default;
            if (value is null)
            {
                missing.Add(argument.Name);
                problems.Add($"{argument.Name} is missing{(argument.Says is null ? "" : $" ({argument.Says})")}. {Example(provider, intent)}");
            }
            else if (!argument.Fits(value))
            {
                problems.Add($"{argument.Name} is not as it must be{(argument.Says is null ? "" : $" ({argument.Says})")}.");
            }
            else
            {
                arguments[argument.Name] = value;
            }
        }

        problems.AddRange(given.Keys.Where(name => intent.Arguments.All(argument => argument.Name != name)).Select(name => $"{intent.Name} has no argument {name}."));
        return new Match(problems.Count == 0 ? MatchKind.Intent : MatchKind.Incomplete, provider, intent)
        {
            Arguments = arguments,
            Missing = missing,
            Problems = problems,
            Role = intent.Role,
            ChangesAnything = intent.ChangesAnything,
        };
    }

    static string Example(Provider provider, Intent intent) => intent.Phrases.Count == 0 ? "" : $"Say: {provider.Id} {intent.Phrases[0]}.";

    static Match? ByName(ProviderTable table, string name, IReadOnlyList<string> words)
    {
        var parts = name.Split('/', 2);
        var candidates = (from provider in table.Providers
                          where parts.Length == 1 || provider.IsNamed(parts[0])
                          let found = provider.Find(parts[^1])
                          where found is not null
                          select (provider, intent: found)).ToList();
        var named = candidates.Where(candidate => words.Any(candidate.provider.IsNamed)).ToList();
        candidates = named.Count > 0 ? named : candidates;
        return candidates.Count switch
        {
            0 => null,
            1 => Complete(candidates[0].provider, candidates[0].intent, Best(Fits(candidates[0].provider, candidates[0].intent, words))?.Arguments ?? new Dictionary<string, string>(StringComparer.Ordinal)),
            _ => new Match(MatchKind.Unknown) { Problems = [$"Say of which provider: {string.Join(", ", candidates.Select(candidate => candidate.provider.Id))}."] },
        };
    }

    static Match? ByPhrase(ProviderTable table, IReadOnlyList<string> words)
    {
        var fits = from provider in table.Providers where words.Any(provider.IsNamed) from intent in provider.Intents from fit in Fits(provider, intent, words) select fit;
        return Best(fits) is { } best ? Complete(best.Provider, best.Intent, best.Arguments) : null;
    }

    /// <summary>With the provider's name, wherever it stands, and without it.</summary>
    static IEnumerable<PhraseFit> Fits(Provider provider, Intent intent, IReadOnlyList<string> words)
    {
        var without = Without(provider, words);
        return from phrase in intent.Phrases
               from said in without is null ? [words] : new[] { words, without }
               let fit = PhraseFit.Of(provider, intent, phrase, said)
               where fit is not null
               select fit;
    }

    static PhraseFit? Best(IEnumerable<PhraseFit> fits) => fits.OrderByDescending(fit => fit.IsWhole).ThenByDescending(fit => fit.Literals).FirstOrDefault();

    static List<string>? Without(Provider provider, IReadOnlyList<string> words)
    {
        var at = words.ToList().FindIndex(provider.IsNamed);
        return at < 0 ? null : [.. words.Take(at), .. words.Skip(at + 1)];
    }

    static Match? ByProvider(ProviderTable table, IReadOnlyList<string> words)
    {
        var programs = table.Providers.Where(provider => provider.Runner == RunnerKind.Cli).ToList();
        if (words.Count > 1 && programs.Find(provider => provider.IsNamed(words[0])) is { Cli: { } cli } first)
        {
            IReadOnlyList<string> said = [.. words.Skip(1)];
            var allowed = AllowList.Check(cli, said);
            var isPhrase = allowed.Commands.Count > 0 && cli.Phrases.ContainsKey(allowed.Commands[0].ToLowerInvariant());
            return new Match(allowed.Problem is null ? MatchKind.Command : MatchKind.Incomplete, first)
            {
                Words = said,
                Problems = allowed.Problem is null ? [] : [allowed.Problem],
                ChangesAnything = !isPhrase && !allowed.IsRead(cli),
            };
        }

        return programs.Find(provider => words.Any(provider.IsNamed)) is { } named ? new Match(MatchKind.Help, named) { Words = Without(named, words)! } : null;
    }

    static Match Unknown(ProviderTable table, IReadOnlyList<string> words)
    {
        var said = words.Select(word => word.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);
        var nearest = from provider in table.Providers
                      from intent in provider.Intents
                      from phrase in intent.Phrases.Take(1)
                      let sentence = $"{provider.Id} {phrase}"
                      let parts = sentence.Split(' ').Where(part => part[0] != '{').ToHashSet(StringComparer.OrdinalIgnoreCase)
                      let shared = parts.Count(said.Contains)
                      where shared > 0
                      orderby (double)shared / (parts.Count + said.Count - shared) descending, sentence
                      select sentence;
        return new Match(MatchKind.Unknown) { Nearest = [.. nearest.Take(MostNearest)] };
    }
}
