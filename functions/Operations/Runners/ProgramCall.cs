using Watchdesk.Operations.Providers;

namespace Watchdesk.Operations.Runners;

/// <summary>One start of a program: an argument vector and an environment of its own, never a shell.</summary>
/// <param name="Key">The same for the same call of the same step.</param>
/// <param name="Words">What people see of it: the arguments without those that the operator adds.</param>
/// <param name="Home">Where the temporary HOME is.</param>
sealed record ProgramCall(string Key, string Program, string? Image, IReadOnlyList<string> Words, string Home)
{
    public IReadOnlyList<string> Arguments { get; private init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; private init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Below the HOME: its path and text.</summary>
    public IReadOnlyDictionary<string, string> Files { get; private init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Calls of the program that come first.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Before { get; private init; } = [];

    /// <summary>As it would be typed.</summary>
    public string Typed => Type(Program, Words);

    public static string Type(string program, IReadOnlyList<string> words) => string.Join(' ', words.Prepend(program).Select(word => word.Length > 0 && !word.Any(c => char.IsWhiteSpace(c) || c is '"' or '\'') ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"));

    /// <param name="words">Checked already.</param>
    public static ProgramCall Of(StepRun run, IReadOnlyList<string> words, string home)
    {
        var cli = run.Provider.Cli!;
        var values = new Dictionary<string, string>(run.Credentials, StringComparer.Ordinal) { ["home"] = home };
        var environment = new Dictionary<string, string>(cli.Environment, StringComparer.Ordinal) { ["HOME"] = home, ["LANG"] = "C.UTF-8" };
        foreach (var credential in run.Provider.Credentials)
        {
            if (credential.Variable is { } variable && run.Credentials.TryGetValue(credential.Name, out var value))
            {
                environment[variable] = value;
            }
        }

        return new ProgramCall(Clients.Keys.Hash($"{run.Step.Tenant}\n{run.Step.IdempotencyKey}\n{string.Join('\n', words)}")[..32], cli.Program, cli.Image, words, home)
        {
            Arguments = [.. words, .. cli.Trailing.Select(word => Template.Fill(word, values))],
            Environment = environment,
            Files = cli.Files.ToDictionary(file => file.Key, file => Template.Fill(file.Value, values), StringComparer.Ordinal),
            Before = [.. cli.Before.Select(call => (IReadOnlyList<string>)[.. call.Select(word => Template.Fill(word, values))])],
        };
    }

    /// <summary>Never the environment: records print their members.</summary>
    public override string ToString() => Typed;
}

/// <param name="ExitStatus">Null when it did not end by itself.</param>
/// <param name="Problem">Why it was ended, or was not begun.</param>
sealed record ProgramResult(int? ExitStatus, string Output, string? Problem = null);
