using System.Security.Cryptography;
using System.Text;
using Watchdesk.Clients;

namespace Watchdesk.Tenants.People;

/// <summary>One person may come in once.</summary>
/// <param name="Email">Only who has this address; null for whoever has the link.</param>
public sealed record Invitation(string Tenant, string Id, string? Email, Role Role, string By, DateTimeOffset At, DateTimeOffset Until)
{
    /// <summary>SHA-256 of the link's text.</summary>
    internal string Hash { get; init; } = "";

    internal string ETag { get; init; } = "";

    /// <summary>Never the hash: records print their members.</summary>
    public override string ToString() => $"{Tenant}/{Id}";
}

/// <summary>Invitation rows: PK tenant, RK id. The link's text is <c>{tenant}~{id}~{secret}</c>, stored as its hash; whoever deletes the row has used it.</summary>
public sealed class Invitations(ITables tables, NoteExpiry noteExpiry, TimeProvider clock) : IExpiring
{
    public static readonly TimeSpan Lasts = TimeSpan.FromDays(7);

    const int SecretLength = 32;
    const int MostListed = 200;

    public string Kind => "invitation";

    /// <summary>The invitation and the text of its link, which is stored nowhere.</summary>
    public async Task<(Invitation Invitation, string Text)> CreateAsync(Caller by, string? email, Role role, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        var now = clock.GetUtcNow();
        var id = Keys.NewId(now);
        var text = $"{by.Tenant}~{id}~{SecretText.Random(SecretLength)}";
        var invitation = new Invitation(by.Tenant, id, email, role, by.Name, now, now + Lasts) { Hash = Keys.Hash(text) };
        await noteExpiry(by.Tenant, $"{Kind}~{id}", invitation.Until, cancellationToken);
        await tables.WriteAsync(Tables.Invitations, TableWrite.Insert(Row(invitation)), cancellationToken);
        return (invitation, text);
    }

    /// <summary>Null when it was used, has ended or never was.</summary>
    public async Task<Invitation?> FindAsync(string text, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Split('~') is not [var tenant, { Length: 32 } id, { Length: SecretLength }] || !Tenant.IsId(tenant) || !id.All(char.IsAsciiHexDigitLower)
            || await tables.GetAsync(Tables.Invitations, tenant, id, cancellationToken: cancellationToken) is not { } row)
        {
            return null;
        }

        var invitation = Read(row);
        return invitation.Until > now && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Keys.Hash(text)), Encoding.ASCII.GetBytes(invitation.Hash)) ? invitation : null;
    }

    public async Task<IReadOnlyList<Invitation>> ListAsync(string tenant, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var page = await tables.QueryAsync(new TableQuery(Tables.Invitations, tenant, Limit: MostListed), cancellationToken);
        return [.. page.Rows.Select(Read).Where(invitation => invitation.Until > now).OrderByDescending(invitation => invitation.At)];
    }

    /// <summary>False when somebody else was faster.</summary>
    public async Task<bool> TakeAsync(Invitation invitation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(invitation);
        return (await tables.WriteAsync(Tables.Invitations, TableWrite.Delete(invitation.Tenant, invitation.Id, invitation.ETag), cancellationToken)).IsDone;
    }

    /// <summary>It was taken for nothing.</summary>
    public Task PutBackAsync(Invitation invitation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(invitation);
        return tables.WriteAsync(Tables.Invitations, TableWrite.Insert(Row(invitation)), cancellationToken);
    }

    /// <summary>False when the tenant has no such invitation.</summary>
    public async Task<bool> DeleteAsync(string tenant, string id, CancellationToken cancellationToken) =>
        id is { Length: 32 } && id.All(char.IsAsciiHexDigitLower)
        && (await tables.WriteAsync(Tables.Invitations, TableWrite.Delete(tenant, id), cancellationToken)).IsDone;

    Task IExpiring.ForgetAsync(string tenant, string id, DateTimeOffset now, CancellationToken cancellationToken) => DeleteAsync(tenant, id, cancellationToken);

    static TableRow Row(Invitation invitation) => new(invitation.Tenant, invitation.Id)
    {
        ["V"] = 1,
        ["Email"] = invitation.Email,
        ["Role"] = Words.Of(invitation.Role),
        ["By"] = invitation.By,
        ["At"] = invitation.At,
        ["Until"] = invitation.Until,
        ["Hash"] = invitation.Hash,
    };

    static Invitation Read(TableRow row) => new(
        row.PartitionKey,
        row.RowKey,
        row.Text("Email"),
        Words.ParseRole(row.Text("Role")) ?? Role.Reader,
        row.Text("By") ?? "",
        row.Time("At") ?? default,
        row.Time("Until") ?? default)
    {
        Hash = row.Text("Hash") ?? "",
        ETag = row.ETag ?? "*",
    };
}
