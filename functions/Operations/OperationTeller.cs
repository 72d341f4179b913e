using Watchdesk.Notices;
using Watchdesk.Tenants.Audit;

namespace Watchdesk.Operations;

/// <summary>Tells approvers that they are asked, the asker how it ended, and the audit what was run and by whose leave.</summary>
sealed class OperationTeller(TellPeople tell, Approvers approvers, AuditStore audit)
{
    const int Asked = 1;
    const int Ended = 2;
    const int MaxPath = 500;

    public async Task AskAsync(Operation operation, Approval approval, CancellationToken cancellationToken)
    {
        var who = await approvers.OfAsync(operation, cancellationToken);
        var recipients = await tell.RecipientsAsync(operation.Tenant, who.People.Select(user => user.Id), "may approve it", cancellationToken);
        var sentence = $"{operation.By.Name} asks for your approval until {NoticeText.At(approval.Deadline)}.";
        await tell.TellAsync(Key(operation, Asked), Notice(operation, Asked, Level.Warning, operation.StartedAt, sentence, "Read what it would do, and approve or reject it on its page."), recipients, operation.StartedAt, cancellationToken);
    }

    /// <summary>Everything under fixed keys, so that it may be told again.</summary>
    public async Task EndedAsync(Operation operation, CancellationToken cancellationToken)
    {
        var at = operation.EndedAt ?? operation.StartedAt;
        await audit.WriteAsync([.. Lines(operation, at)], cancellationToken);
        var isDone = operation.Status == OperationStatus.Success;
        var recipients = await tell.RecipientsAsync(operation.Tenant, [operation.By.Id], "it is theirs", cancellationToken);
        var notice = Notice(operation, Ended, isDone ? Level.Info : Level.Warning, at, isDone ? "It was done." : operation.Reason ?? "It failed.", "See its output on its page.");
        await tell.TellAsync(Key(operation, Ended), notice, recipients, at, cancellationToken);
    }

    internal static IEnumerable<AuditEntry> Lines(Operation operation, DateTimeOffset at)
    {
        var how = operation.Approval switch
        {
            { IsApproved: true } yes => $"approved by {yes.By}",
            { IsApproved: false } no => $"rejected by {no.By}",
            { } => "not approved",
            null => operation.IsDryRun ? "dry run" : "no approval needed",
        };
        yield return Line(operation, at, "1", $"{how}: {operation.Command ?? operation.Text}");
        if (operation is { ChangesAnything: true, IsDryRun: false, Approval: null } && operation.Steps.Any(step => step.BeganAt is not null))
        {
            yield return Line(operation, at, "2", "run without another person's approval: an admin has switched the rule off");
        }
    }

    static AuditEntry Line(Operation operation, DateTimeOffset at, string part, string text) => new(
        operation.Tenant, operation.Id + part, at, operation.By.Name, operation.By.Id, "RUN", $"operation {operation.Provider} {operation.What}".TrimEnd(),
        NoticeText.Shorten($"/operations/{operation.Id}: {text}", MaxPath), operation.Status == OperationStatus.Success ? 200 : 500, at - operation.StartedAt, TimeSpan.Zero, operation.Id, "");

    static NoticeKey Key(Operation operation, int change) => new(operation.StartedAt, operation.Id, change);

    static Notice Notice(Operation operation, int change, Level level, DateTimeOffset at, string reason, string advice) => new(
        $"{operation.Id}.{change}", operation.Tenant, NoticeKind.Operation, level, "", NoticeText.Shorten(operation.Preview.Length > 0 ? operation.Preview : operation.Text, 120), reason, operation.StartedAt, at, $"/operations/{operation.Id}", Advice: advice);
}
