using Watchdesk.Operations.Runners;
using Watchdesk.Tenants;

namespace Watchdesk.Operations.Providers;

public enum MatchKind
{
    /// <summary>An intent with all its arguments.</summary>
    Intent,

    /// <summary>An intent, and something of it is missing or wrong: <see cref="Match.Problems"/>.</summary>
    Incomplete,

    /// <summary>The provider comes first: the words after it are a command or a phrase of its program.</summary>
    Command,

    /// <summary>The provider is named elsewhere, and nothing fits: its program's help is the answer, and the run a failure.</summary>
    Help,

    /// <summary>Nobody is asked, or nobody who can do it: <see cref="Match.Nearest"/>.</summary>
    Unknown,
}

/// <summary>What a sentence asks for.</summary>
public sealed record Match(MatchKind Kind, Provider? Provider = null, Intent? Intent = null)
{
    public IReadOnlyDictionary<string, string> Arguments { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What was said without the provider's name, for a command or help.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Names of arguments that are missing.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>What is wrong, in sentences that say what to do.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Sentences that would have been understood.</summary>
    public IReadOnlyList<string> Nearest { get; init; } = [];

    /// <summary>The least that the asker must be.</summary>
    public Role Role { get; init; } = Role.Operator;

    /// <summary>Then another person approves it first. A command that the provider's data does not know as harmless changes something.</summary>
    public bool ChangesAnything { get; init; }

    /// <summary>It can be run.</summary>
    public bool IsRunnable => Kind is MatchKind.Intent or MatchKind.Command or MatchKind.Help;

    /// <summary>Somebody should teach the desk this sentence.</summary>
    public bool IsConfusing => Kind is MatchKind.Unknown or MatchKind.Help;

    /// <summary>What two operations must not change at once.</summary>
    public string Target => Provider is null ? "" : $"{Provider.Id}/{Template.Fill(Intent?.Target ?? "", Arguments)}";

    /// <summary>What will happen, in one sentence.</summary>
    public string Preview => Intent is null ? $"{Provider?.Id} {string.Join(' ', Words)}".Trim() : Template.Fill(Intent.Preview ?? $"{Provider?.Name}: {Intent.Name}", Arguments);

    /// <summary>The step that carries it out.</summary>
    /// <param name="user">Whose own credentials are used, where the person has entered some.</param>
    public Step ToStep(string tenant, string idempotencyKey, bool dryRun, string? user = null) => IsRunnable
        ? new Step(tenant, Provider!.Id, Intent?.Name, Arguments, Words, Kind == MatchKind.Help, ChangesAnything, idempotencyKey, dryRun, user)
        : throw new InvalidOperationException($"A match of kind {Kind} cannot be run.");
}
