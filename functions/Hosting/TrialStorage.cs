namespace Watchdesk.Hosting;

/// <summary>Whether this desk keeps its state in the storage emulator that it started itself; its page says so on every visit.</summary>
public sealed class TrialStorage
{
    public const string Warning = "Trial storage: up to 5 s may be lost if this machine loses power";

    /// <summary>Null on a real account.</summary>
    public string? Sentence { get; internal set; }
}
