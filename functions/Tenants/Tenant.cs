namespace Watchdesk.Tenants;

/// <summary>A team with its own jobs, people and keys.</summary>
/// <param name="Id">Slug, 2 to 30 of a to z, 0 to 9 and the hyphen.</param>
/// <param name="EntraTenants">Directory ids whose people may sign in; an unknown one is refused.</param>
public sealed record Tenant(string Id, string Name, DateTimeOffset CreatedAt, IReadOnlyList<string> EntraTenants)
{
    public const string Main = "main";

    /// <summary>How long a critical incident that nobody has waits for its first reminder; zero for no reminders.</summary>
    public TimeSpan RemindEvery { get; init; } = TimeSpan.FromHours(4);

    /// <summary>There is a policy by which incidents are escalated; without one nothing is started for them.</summary>
    public bool Escalates { get; init; }

    public OperationRules Operations { get; init; } = new();

    public static bool IsId(string? text) =>
        text is { Length: >= 2 and <= 30 } && text.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');
}

/// <summary>How operations are run.</summary>
/// <param name="IsApprovalOff">Nobody need approve what changes something; each such run is an audit line.</param>
/// <param name="IsDryRun">Operations say what they would do, and do nothing.</param>
public sealed record OperationRules(bool IsApprovalOff = false, bool IsDryRun = false)
{
    public static readonly TimeSpan Shortest = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>How long another person has for an approval.</summary>
    public TimeSpan ApproveWithin { get; init; } = TimeSpan.FromHours(4);
}
