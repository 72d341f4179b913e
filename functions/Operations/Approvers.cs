using Watchdesk.Tenants;

namespace Watchdesk.Operations;

/// <param name="Sentence">For people: who may approve, or how somebody could become one who may.</param>
public sealed record ApproversOf(IReadOnlyList<User> People, string Sentence);

/// <summary>Who may approve somebody's operation.</summary>
public sealed class Approvers(UserStore users)
{
    const int PageSize = 200;
    const int MostPages = 5;
    const int MaxNamed = 5;

    public async Task<ApproversOf> OfAsync(Operation operation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operation);
        var others = new List<User>();
        string? next = null;
        for (var page = 0; page < MostPages && (page == 0 || next is not null); page++)
        {
            (var people, next) = await users.ListAsync(operation.Tenant, PageSize, next, cancellationToken);
            others.AddRange(people.Where(user => !user.IsDisabled && user.Id != operation.By.Id && user.Login != operation.By.Person));
        }

        List<User> may = [.. others.Where(user => user.Role >= Role.Approver)];
        return new ApproversOf(may, Say(may, [.. others.Where(user => user.Role < Role.Approver).OrderByDescending(user => user.Role)]));
    }

    internal static string Say(IReadOnlyList<User> may, IReadOnlyList<User> others) => (may.Count, others.Count) switch
    {
        ( > 0, _) => $"{Names(may)} may approve it.",
        (_, > 0) => $"Nobody but the asker may approve. {Names(others)} could become an approver: an admin sets the role under People. Or an admin switches the rule off.",
        _ => "Nobody else is in this tenant. An admin invites a second person under People, who can become an approver, or switches the rule off.",
    };

    static string Names(IReadOnlyList<User> users) => string.Join(" or ", users.Take(MaxNamed).Select(user => user.Name)) + (users.Count > MaxNamed ? $" or one of {users.Count - MaxNamed} more" : "");
}
