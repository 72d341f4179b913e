using Watchdesk.Operations.Providers;

namespace Watchdesk.Operations.Runners;

/// <summary>A step with everything that carrying it out needs; the credentials live no longer than one call of the activity.</summary>
/// <param name="Intent">Null when words are said to the provider's program.</param>
sealed record StepRun(Step Step, Provider Provider, Intent? Intent, IReadOnlyDictionary<string, string> Credentials)
{
    const int ShortestSecret = 4;

    public RunnerKind Runner => Intent?.Runner ?? Provider.Runner;

    public TimeSpan Timeout => Intent?.Timeout ?? TimeSpan.FromMinutes(5);

    /// <summary>What fills the {placeholders} of the intent; an argument cannot stand for a credential.</summary>
    public IReadOnlyDictionary<string, string> Values { get; } =
        Step.Arguments.Concat(Credentials.Where(credential => !Step.Arguments.ContainsKey(credential.Key))).ToDictionary(StringComparer.Ordinal);

    /// <summary>What must be seen in no output.</summary>
    public IEnumerable<string> Secrets => Credentials.Where(value => value.Value.Length >= ShortestSecret && IsSecret(value.Key)).Select(value => value.Value);

    /// <summary>Never the credentials: records print their members.</summary>
    public override string ToString() => $"{Provider.Id} {Intent?.Name}";

    bool IsSecret(string name) => Provider.Credentials.FirstOrDefault(credential => credential.Name == name)?.IsSecret ?? true;
}
