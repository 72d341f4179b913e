namespace Watchdesk.Tenants;

/// <summary>The keys of <c>--demo</c>: they live as long as the desk runs.</summary>
public sealed class DemoAccess(ApiKeys keys, TimeProvider clock)
{
    const string By = "demo";

    readonly List<ApiKey> _made = [];

    /// <param name="isAdmin">For everything; else to send heartbeats and make jobs.</param>
    public async Task<string> MakeAsync(bool isAdmin, CancellationToken cancellationToken)
    {
        var (name, scopes) = isAdmin ? ("demo set-up", Scopes.All) : ("sample scheduler", Scopes.Ping | Scopes.Create);
        var made = await keys.CreateAsync(Tenant.Main, name, ApiKey.RoleFor(scopes), scopes, By, clock.GetUtcNow(), cancellationToken);
        _made.Add(made.Key);
        return made.Text;
    }

    public async Task RevokeAllAsync(CancellationToken cancellationToken)
    {
        foreach (var key in _made)
        {
            await keys.RevokeAsync(key.Tenant, key.Id, cancellationToken);
        }
    }
}
