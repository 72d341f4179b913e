using System.Text.RegularExpressions;
using Watchdesk.Tenants;

namespace Watchdesk.Operations.Providers;

/// <summary>One thing that a provider can be asked for.</summary>
/// <param name="Name">Unique within its provider, such as <c>restart vm</c>.</param>
public sealed record Intent(string Name)
{
    /// <summary>Sentences that mean it, without the provider's name; {argument} stands for one word or one quoted text.</summary>
    public IReadOnlyList<string> Phrases { get; set; } = [];

    public IReadOnlyList<IntentArgument> Arguments { get; set; } = [];

    /// <summary>The least that the asker must be.</summary>
    public Role Role { get; set; } = Role.Operator;

    /// <summary>Then another person approves it first, and a dry run does not do it. A call that is not GET does, whatever its data says.</summary>
    public bool ChangesAnything
    {
        get => field || Call is { Method: not "GET" };
        set;
    }

    /// <summary>What will happen in one sentence, with {argument} placeholders.</summary>
    public string? Preview { get; set; }

    /// <summary>What it is done to, with {argument} placeholders: two operations on one target never run at once.</summary>
    public string? Target { get; set; }

    /// <summary>How one sees that it has worked.</summary>
    public Verification? Verification { get; set; }

    /// <summary>The intent of the same provider that undoes it, called with the same arguments.</summary>
    public string? Compensation { get; set; }

    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Another way than its provider's.</summary>
    public RunnerKind? Runner { get; set; }

    /// <summary>The provider whose credentials are used beside those of its own.</summary>
    public string? CredentialsFrom { get; set; }

    /// <summary>For a command-line program: its arguments, each with {argument} placeholders.</summary>
    public IReadOnlyList<string> Command { get; set; } = [];

    /// <summary>For Resource Manager or a webhook: the call.</summary>
    public IntentCall? Call { get; set; }
}

/// <summary>A value that an intent needs.</summary>
/// <param name="Pattern">What it must match as a whole; <c>[A-Za-z0-9][A-Za-z0-9._-]{0,127}</c> when not given.</param>
/// <param name="Default">Makes it optional.</param>
public sealed record IntentArgument(string Name, string? Pattern = null, string? Default = null, string? Says = null)
{
    const string Plain = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}";
    const int MaxLength = 1000;

    public bool IsRequired => Default is null;

    public bool Fits(string value) => value.Length <= MaxLength && !value.Any(char.IsControl) && Providers.Pattern.Fits(Pattern ?? Plain, value);
}

/// <summary>Asks again and again until the answer is as expected.</summary>
/// <param name="Intent">Of the same provider, called with the same arguments; it changes nothing.</param>
/// <param name="Expect">A regular expression that the output must contain, with {argument} placeholders.</param>
public sealed record Verification(string Intent, string Expect)
{
    /// <summary>Whether the answer is as expected.</summary>
    public bool IsMet(string output, IReadOnlyDictionary<string, string> arguments) => Pattern.Of($"(?s:.*){Template.Fill(Expect, arguments, Regex.Escape)}(?s:.*)").IsMatch(output);

    public TimeSpan Every { get; set; } = TimeSpan.FromSeconds(10);

    public TimeSpan Within { get; set; } = TimeSpan.FromMinutes(5);
}

/// <summary>One HTTP call.</summary>
/// <param name="Method">GET, POST, PUT or PATCH.</param>
/// <param name="Path">For Resource Manager the path with its api-version, for a webhook the name of the credential that holds the address; {argument} and {credential} placeholders are escaped.</param>
/// <param name="Body">JSON text; placeholders are escaped as JSON text.</param>
/// <param name="Shows">Which members of each of <c>value</c> an answer shows, as a table; the whole answer when not given.</param>
public sealed record IntentCall(string Method, string Path, string? Body = null, IReadOnlyList<string>? Shows = null);
