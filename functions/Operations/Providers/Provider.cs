using System.Text.Json.Serialization;

namespace Watchdesk.Operations.Providers;

/// <summary>How a command of a provider is carried out.</summary>
public enum RunnerKind
{
    /// <summary>Its command-line program: a local process embedded, a container instance in Azure.</summary>
    [JsonStringEnumMemberName("cli")]
    Cli,

    /// <summary>One call of Azure Resource Manager, followed to its end.</summary>
    [JsonStringEnumMemberName("resourceManager")]
    ResourceManager,

    /// <summary>One POST to an address that the tenant has entered.</summary>
    [JsonStringEnumMemberName("webhook")]
    Webhook,
}

/// <summary>
/// One who can be asked to do something, as data: an entry of providers.json or of the tenant's own rows. Its members have
/// set and not init, since source-generated JSON would lose their first values.
/// </summary>
/// <param name="Id">a-z, 0-9 and the hyphen; also the word that names it in a sentence.</param>
/// <param name="Name">As people read it.</param>
public sealed record Provider(string Id, string Name, RunnerKind Runner)
{
    /// <summary>Further words that name it in a sentence.</summary>
    public IReadOnlyList<string> Aliases { get; set; } = [];

    /// <summary>For <see cref="RunnerKind.Cli"/>: the program and what may be said to it.</summary>
    public Cli? Cli { get; set; }

    /// <summary>What a tenant enters so that commands can be run.</summary>
    public IReadOnlyList<Credential> Credentials { get; set; } = [];

    public IReadOnlyList<Intent> Intents { get; set; } = [];

    public Intent? Find(string intent) => Intents.FirstOrDefault(candidate => string.Equals(candidate.Name, intent, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the word names this provider.</summary>
    public bool IsNamed(string word) => word.TrimEnd('?', '!', '.', ',', ':') is var name && (string.Equals(name, Id, StringComparison.OrdinalIgnoreCase) || Aliases.Contains(name, StringComparer.OrdinalIgnoreCase));
}

/// <summary>One thing that a tenant enters for a provider: an address, a region, a key.</summary>
/// <param name="Variable">The environment variable that carries it to the program.</param>
/// <param name="IsSecret">It is never shown, and masked wherever it turns up in an output.</param>
/// <param name="Pattern">What it must match as a whole; visible characters of ASCII when not given.</param>
public sealed record Credential(string Name, string? Variable = null, bool IsSecret = true, bool IsRequired = true, string? Pattern = null)
{
    const int MaxLength = 6000;

    public bool Fits(string value) => value.Length <= MaxLength && Providers.Pattern.Fits(Pattern ?? "[!-~]+", value);
}
