using Watchdesk.Clients;

namespace Watchdesk.Tenants;

/// <summary>A signed-in browser.</summary>
/// <param name="Id">SHA-256 of the cookie: whoever reads the table cannot make one.</param>
public sealed record Session(string Id, string Tenant, string User, DateTimeOffset BeganAt);

/// <summary>Sessions as rows, so that one can be ended from anywhere at once.</summary>
public sealed class Sessions(ITables tables, NoteExpiry noteExpiry) : IExpiring
{
    public const string Cookie = "wd";
    const int TokenLength = 43;

    public static readonly TimeSpan Lasts = TimeSpan.FromDays(14);

    public string Kind => "session";

    /// <summary>Returns the value of the cookie.</summary>
    public async Task<string> BeginAsync(User user, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        var token = SecretText.Random(TokenLength);
        var id = Keys.Hash(token);
        var row = new TableRow(id[..2], id) { ["V"] = 1, ["Tenant"] = user.Tenant, ["User"] = user.Id, ["BeganAt"] = now };
        await noteExpiry(user.Tenant, $"{Kind}~{id}", now + Lasts, cancellationToken);
        await tables.WriteAsync(Tables.Sessions, TableWrite.Insert(row), cancellationToken);
        return token;
    }

    /// <summary>Null when there is no such session or it is over.</summary>
    public async Task<Session?> FindAsync(string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (token is not { Length: TokenLength } || !SecretText.IsBase62(token))
        {
            return null;
        }

        var id = Keys.Hash(token);
        var row = await tables.GetAsync(Tables.Sessions, id[..2], id, cancellationToken: cancellationToken);
        if (row is null)
        {
            return null;
        }

        var session = new Session(id, row.Text("Tenant") ?? "", row.Text("User") ?? "", row.Time("BeganAt") ?? default);
        if (session.BeganAt + Lasts > now)
        {
            return session;
        }

        await EndAsync(id, cancellationToken);
        return null;
    }

    Task IExpiring.ForgetAsync(string tenant, string id, DateTimeOffset now, CancellationToken cancellationToken) => EndAsync(id, cancellationToken);

    public Task EndAsync(string id, CancellationToken cancellationToken) =>
        tables.WriteAsync(Tables.Sessions, TableWrite.Delete(id[..2], id), cancellationToken);
}
