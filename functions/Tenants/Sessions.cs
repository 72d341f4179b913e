using Watchdesk.Clients;

namespace Watchdesk.Tenants;

/// <summary>A signed-in browser.</summary>
/// <param name="Id">SHA-256 of the cookie: whoever reads the table cannot make one.</param>
public sealed record Session(string Id, string Tenant, string User, DateTimeOffset BeganAt)
{
    /// <summary>What the browser called itself, for its owner to recognise it.</summary>
    public string Agent { get; init; } = "";

    public string Address { get; init; } = "";
}

/// <summary>
/// Sessions as rows, so that one can be ended from anywhere at once: first two of id | id, and beside it
/// <c>u~{tenant}~{user}</c> | id, by which a person finds their own.
/// </summary>
public sealed class Sessions(ITables tables, NoteExpiry noteExpiry) : IExpiring
{
    public const string Cookie = "wd";
    const int TokenLength = 43;
    const int MostListed = 100;
    const int MaxAgent = 200;

    public static readonly TimeSpan Lasts = TimeSpan.FromDays(14);

    public string Kind => "session";

    /// <summary>Returns the value of the cookie.</summary>
    public Task<string> BeginAsync(User user, DateTimeOffset now, CancellationToken cancellationToken) => BeginAsync(user, "", "", now, cancellationToken);

    /// <summary>Returns the value of the cookie.</summary>
    public async Task<string> BeginAsync(User user, string agent, string address, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(agent);
        var token = SecretText.Random(TokenLength);
        var id = Keys.Hash(token);
        await noteExpiry(user.Tenant, $"{Kind}~{id}", now + Lasts, cancellationToken);
        var listed = new TableRow(Own(user.Tenant, user.Id), id) { ["V"] = 1, ["BeganAt"] = now, ["Agent"] = agent.Length > MaxAgent ? agent[..MaxAgent] : agent, ["Address"] = address };
        await tables.WriteAsync(Tables.Sessions, TableWrite.Upsert(listed), cancellationToken);
        var row = new TableRow(id[..2], id) { ["V"] = 1, ["Tenant"] = user.Tenant, ["User"] = user.Id, ["BeganAt"] = now };
        await tables.WriteAsync(Tables.Sessions, TableWrite.Insert(row), cancellationToken);
        return token;
    }

    /// <summary>Null when there is no such session or it is over.</summary>
    public async Task<Session?> FindAsync(string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (token is not { Length: TokenLength } || !SecretText.IsBase62(token) || await GetAsync(Keys.Hash(token), cancellationToken) is not { } session)
        {
            return null;
        }

        if (session.BeganAt + Lasts > now)
        {
            return session;
        }

        await EndAsync(session, cancellationToken);
        return null;
    }

    /// <summary>Those of a person that still open the desk, newest first.</summary>
    public async Task<IReadOnlyList<Session>> ListAsync(User user, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        var page = await tables.QueryAsync(new TableQuery(Tables.Sessions, Own(user.Tenant, user.Id), Limit: MostListed), cancellationToken);
        return
        [
            .. page.Rows.Select(row => new Session(row.RowKey, user.Tenant, user.Id, row.Time("BeganAt") ?? default) { Agent = row.Text("Agent") ?? "", Address = row.Text("Address") ?? "" })
                .Where(session => session.BeganAt >= user.SessionsFrom && session.BeganAt + Lasts > now)
                .OrderByDescending(session => session.BeganAt),
        ];
    }

    public async Task EndAsync(string id, CancellationToken cancellationToken)
    {
        if (await GetAsync(id, cancellationToken) is { } session)
        {
            await EndAsync(session, cancellationToken);
        }
    }

    /// <summary>False when the person has no such session.</summary>
    public async Task<bool> EndOwnAsync(User user, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        if (id is not { Length: 64 } || !id.All(char.IsAsciiHexDigitLower) || await GetAsync(id, cancellationToken) is not { } session || session.Tenant != user.Tenant || session.User != user.Id)
        {
            return false;
        }

        await EndAsync(session, cancellationToken);
        return true;
    }

    Task IExpiring.ForgetAsync(string tenant, string id, DateTimeOffset now, CancellationToken cancellationToken) => EndAsync(id, cancellationToken);

    /// <summary>What opens the desk goes last: a list that is left is cleared by the next try.</summary>
    async Task EndAsync(Session session, CancellationToken cancellationToken)
    {
        await tables.WriteAsync(Tables.Sessions, TableWrite.Delete(Own(session.Tenant, session.User), session.Id), cancellationToken);
        await tables.WriteAsync(Tables.Sessions, TableWrite.Delete(session.Id[..2], session.Id), cancellationToken);
    }

    async Task<Session?> GetAsync(string id, CancellationToken cancellationToken) =>
        await tables.GetAsync(Tables.Sessions, id[..2], id, cancellationToken: cancellationToken) is { } row
            ? new Session(id, row.Text("Tenant") ?? "", row.Text("User") ?? "", row.Time("BeganAt") ?? default)
            : null;

    static string Own(string tenant, string user) => $"u~{tenant}~{user}";
}
