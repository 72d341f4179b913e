using Watchdesk.Clients;

namespace Watchdesk.Tenants;

/// <summary>Makes the tenant <c>main</c> and its first account, <c>admin</c>, where there is none.</summary>
public sealed class FirstAdmin(TenantStore tenants, UserStore users, TimeProvider clock)
{
    public const string Login = "admin";

    /// <summary>
    /// Makes sure that somebody can sign in. A given password becomes the account's; without one the account keeps its
    /// own, and a new account gets a random one.
    /// </summary>
    /// <returns>The password when it was made or set here; null when the account keeps the one that it had.</returns>
    public async Task<string?> EnsureAsync(string? password, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await tenants.CreateAsync(new Tenant(Tenant.Main, "Main", now, []), cancellationToken);
        var admin = await users.FindAsync(Login, cancellationToken);
        if (admin is not null)
        {
            if (password is null)
            {
                return null;
            }

            if (!Passwords.IsRight(password, admin.PasswordHash))
            {
                await users.ChangeAsync(admin.Tenant, admin.Id, user => user with { PasswordHash = Passwords.Hash(password), SessionsFrom = now }, cancellationToken);
            }

            return password;
        }

        password ??= SecretText.Random(20);
        await users.CreateAsync(new User(Tenant.Main, Keys.NewId(now), Login, Login, Role.Admin, false, now, Passwords.Hash(password)), now, cancellationToken);
        return password;
    }
}
