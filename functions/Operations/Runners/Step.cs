namespace Watchdesk.Operations.Runners;

/// <summary>One command to carry out; made by <see cref="Providers.Match.ToStep"/> or by hand for a verification or compensation.</summary>
/// <param name="Provider">Its id.</param>
/// <param name="Intent">Its name; null when <see cref="Words"/> go to the provider's program.</param>
/// <param name="Words">What was said to the program, unchanged.</param>
/// <param name="IsHelp">The program's help for the nearest command is the answer, and the result a failure.</param>
/// <param name="ChangesAnything">False when nobody was asked to approve it: then a command that changes something is refused.</param>
/// <param name="IdempotencyKey">The same for every try of one operation's step.</param>
/// <param name="DryRun">What changes something is only said and not done.</param>
/// <param name="User">Whose own credentials are used, where the person has entered some; else the tenant's.</param>
/// <param name="Operation">The operation with which its program is cancelled; null for what undoes one.</param>
public sealed record Step(
    string Tenant, string Provider, string? Intent, IReadOnlyDictionary<string, string> Arguments, IReadOnlyList<string> Words, bool IsHelp, bool ChangesAnything, string IdempotencyKey, bool DryRun, string? User = null, string? Operation = null);

/// <summary>What came of a step. A step that was refused or failed is a result too; the orchestration fails only when the desk itself is at fault.</summary>
/// <param name="ExitStatus">Of the program, or the HTTP status.</param>
/// <param name="Command">What was run, as it would be typed; without anything secret.</param>
/// <param name="Output">At most <see cref="MaxOutput"/> characters, secrets masked; says where it was cut.</param>
/// <param name="Error">For people: what went wrong and what to do.</param>
public sealed record StepResult(bool Succeeded, int? ExitStatus, string Command, string Output, string? Error = null)
{
    public const int MaxOutput = 64 * 1024;
}
