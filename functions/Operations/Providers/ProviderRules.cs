using System.Text.RegularExpressions;
using Watchdesk.Hosting;

namespace Watchdesk.Operations.Providers;

/// <summary>Whether the data of a provider can be used; what is wrong is said with the member's place.</summary>
static partial class ProviderRules
{
    const int MaxIntents = 200;
    const int MaxWords = 64;
    static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(6);

    /// <exception cref="InvalidRequestException">Says every fault, with its member.</exception>
    public static Provider Checked(Provider provider)
    {
        var faults = new List<string>();
        Require(faults, Id().IsMatch(provider.Id), "id", "is 2 to 30 of a-z, 0-9 and the hyphen");
        Require(faults, provider.Name.Length is > 0 and <= 100, "name", "has 1 to 100 characters");
        Require(faults, provider.Aliases.All(alias => Id().IsMatch(alias)), "aliases", "are words like an id");
        CheckCredentials(faults, provider);
        if (provider.Cli is { } cli)
        {
            CheckCli(faults, cli, provider);
        }

        Require(faults, provider.Cli is not null || provider.Runner != RunnerKind.Cli, "cli", "is required for the runner cli");
        Require(faults, provider.Intents.Count <= MaxIntents, "intents", $"are at most {MaxIntents}");
        Require(faults, provider.Intents.DistinctBy(intent => intent.Name, StringComparer.OrdinalIgnoreCase).Count() == provider.Intents.Count, "intents", "have names of their own");
        for (var n = 0; n < provider.Intents.Count; n++)
        {
            IntentRules.Check(faults, provider, provider.Intents[n], $"intents[{n}]");
        }

        return faults.Count == 0 ? provider : throw new InvalidRequestException($"The provider \"{provider.Id}\" cannot be used: {string.Join("; ", faults)}.");
    }

    internal static void Require(List<string> faults, bool isFine, string member, string rule)
    {
        if (!isFine)
        {
            faults.Add($"{member} {rule}");
        }
    }

    internal static bool IsTimeout(TimeSpan timeout) => timeout > TimeSpan.Zero && timeout <= LongestTimeout;

    internal static bool IsPattern(string? pattern)
    {
        try
        {
            return pattern is null || (pattern.Length <= 500 && Pattern.Of(pattern) is not null);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    static void CheckCredentials(List<string> faults, Provider provider)
    {
        for (var n = 0; n < provider.Credentials.Count; n++)
        {
            var credential = provider.Credentials[n];
            Require(faults, Name().IsMatch(credential.Name), $"credentials[{n}].name", "is 1 to 40 letters and digits and begins with a letter");
            Require(faults, credential.Variable is null || Variable().IsMatch(credential.Variable), $"credentials[{n}].variable", "is the name of an environment variable");
            Require(faults, IsPattern(credential.Pattern), $"credentials[{n}].pattern", "is a regular expression without look-around and back-references");
        }
    }

    static void CheckCli(List<string> faults, Cli cli, Provider provider)
    {
        var credentials = provider.Credentials.Select(credential => credential.Name).Append("home").ToHashSet(StringComparer.Ordinal);
        Require(faults, Program().IsMatch(cli.Program), "cli.program", "is the bare name of a program");
        Require(faults, cli.Switches.Keys.All(name => SwitchName().IsMatch(name)), "cli.switches", "begin with a hyphen");
        Require(faults, cli.Switches.Values.All(value => IsPattern(value.Pattern)), "cli.switches", "have patterns without look-around and back-references");
        Require(faults, cli.Environment.Keys.All(name => Variable().IsMatch(name)), "cli.environment", "has names of environment variables");
        Require(faults, cli.Files.Keys.All(name => FileName().IsMatch(name)), "cli.files", "are named folder/file");
        Require(faults, cli.Before.All(call => call.Count is > 0 and <= MaxWords), "cli.before", $"has calls of 1 to {MaxWords} words");
        foreach (var name in cli.Files.Values.Concat(cli.Before.SelectMany(call => call)).Concat(cli.Trailing).SelectMany(Template.Names).Where(name => !credentials.Contains(name)))
        {
            faults.Add($"cli names {{{name}}}, which is no credential");
        }
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{1,29}\z", RegexOptions.NonBacktracking)]
    internal static partial Regex Id();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9]{0,39}\z", RegexOptions.NonBacktracking)]
    internal static partial Regex Name();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]{0,99}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Variable();

    /// <summary>No folder: the operator's folders of programs are searched, and nothing else.</summary>
    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Program();

    [GeneratedRegex(@"\A--?[A-Za-z0-9][A-Za-z0-9-]{0,99}\z", RegexOptions.NonBacktracking)]
    private static partial Regex SwitchName();

    [GeneratedRegex(@"\A\.?[A-Za-z0-9_-]{1,40}/[A-Za-z0-9_-]{1,40}\z", RegexOptions.NonBacktracking)]
    private static partial Regex FileName();
}
