using Watchdesk.Tenants;

namespace Watchdesk.Operations.Providers;

/// <summary>Whether the data of an intent can be used.</summary>
static class IntentRules
{
    static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH"];

    /// <param name="at">Its place, for what is said.</param>
    public static void Check(List<string> faults, Provider provider, Intent intent, string at)
    {
        void Require(bool isFine, string member, string rule) => ProviderRules.Require(faults, isFine, $"{at}.{member}", rule);

        var arguments = intent.Arguments.Select(argument => argument.Name).ToHashSet(StringComparer.Ordinal);
        Require(intent.Name.Length is > 0 and <= 100, "name", "has 1 to 100 characters");
        Require(intent.Role is >= Role.Reader and <= Role.Admin, "role", "is reader, responder, operator, approver or admin");
        Require(ProviderRules.IsTimeout(intent.Timeout), "timeout", "is more than zero and at most 6 hours");
        Require(arguments.Count == intent.Arguments.Count && intent.Arguments.All(argument => ProviderRules.Name().IsMatch(argument.Name)), "arguments", "have names of their own, of letters and digits");
        Require(intent.Arguments.All(argument => ProviderRules.IsPattern(argument.Pattern)), "arguments", "have patterns without look-around and back-references");
        Require(intent.Arguments.All(argument => argument.Default is null || argument.Fits(argument.Default)), "arguments", "have defaults that match their patterns");
        Require(intent.Phrases.All(phrase => phrase.Length is > 0 and <= 200), "phrases", "have 1 to 200 characters");
        CheckWay(provider, intent, Require);
        CheckProof(provider, intent, Require);

        var credentials = provider.Credentials.Select(credential => credential.Name);
        var known = intent.CredentialsFrom is null ? arguments.Concat(credentials).ToHashSet(StringComparer.Ordinal) : null;
        foreach (var (member, text) in Texts(intent))
        {
            foreach (var name in Template.Names(text).Where(name => !(member is "command" or "call" ? known?.Contains(name) ?? true : arguments.Contains(name))))
            {
                faults.Add($"{at}.{member} names {{{name}}}, which is no argument");
            }
        }
    }

    static void CheckWay(Provider provider, Intent intent, Action<bool, string, string> require)
    {
        if ((intent.Runner ?? provider.Runner) == RunnerKind.Cli)
        {
            require(provider.Cli is not null && intent.Command.Count is > 0 and <= 64, "command", "has 1 to 64 words, and its provider a cli");
        }
        else
        {
            require(intent.Call is { } call && Methods.Contains(call.Method) && call.Path.Length is > 0 and <= 1000, "call", "has a method (GET, POST, PUT, PATCH) and a path");
        }
    }

    static void CheckProof(Provider provider, Intent intent, Action<bool, string, string> require)
    {
        if (intent.Verification is { } verification)
        {
            require(provider.Find(verification.Intent) is { ChangesAnything: false }, "verification.intent", "is an intent of the same provider that changes nothing");
            require(ProviderRules.IsPattern(Template.Fill(verification.Expect, intent.Arguments.ToDictionary(argument => argument.Name, _ => "x"))), "verification.expect", "is a regular expression without look-around and back-references");
            require(verification.Every > TimeSpan.Zero && verification.Within >= verification.Every && ProviderRules.IsTimeout(verification.Within), "verification", "looks every, within at most 6 hours");
        }

        require(intent.Compensation is null || provider.Find(intent.Compensation) is not null, "compensation", "is an intent of the same provider");
    }

    static IEnumerable<(string Member, string Text)> Texts(Intent intent)
    {
        foreach (var phrase in intent.Phrases)
        {
            yield return ("phrases", phrase);
        }

        foreach (var word in intent.Command)
        {
            yield return ("command", word);
        }

        yield return ("call", $"{intent.Call?.Path} {intent.Call?.Body}");
        yield return ("preview", intent.Preview ?? "");
        yield return ("target", intent.Target ?? "");
    }
}
