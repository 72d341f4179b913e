namespace Watchdesk.Tenants;

/// <summary>Adds tenants, users, keys, sessions and sign-in.</summary>
public static class TenantsFeature
{
    public static void AddTenants(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
    }

    public static void MapTenants(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
    }
}
