using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Watchdesk.Clients;
using Watchdesk.Hosting;

namespace Watchdesk.Tenants;

/// <summary>
/// People who signed in with Entra ID through App Service authentication. Its header is believed only when the platform
/// says that it is on and the installation says that it may be; a directory that no tenant lists is refused.
/// </summary>
public sealed class EntraSignIn(TenantStore tenants, UserStore users, IConfiguration configuration, IOptions<DeskOptions> options, TimeProvider clock)
{
    public const string Header = "X-MS-CLIENT-PRINCIPAL";
    const int MaxHeaderLength = 32_768;
    const string Directory = "http://schemas.microsoft.com/identity/claims/tenantid";
    const string ObjectId = "http://schemas.microsoft.com/identity/claims/objectidentifier";

    public bool IsTrusted { get; } =
        string.Equals(configuration["WEBSITE_AUTH_ENABLED"], "True", StringComparison.OrdinalIgnoreCase) && options.Value.EntraSignIn;

    /// <summary>Null when the header cannot be read or its person may not come in.</summary>
    public async Task<User?> FindAsync(string header, CancellationToken cancellationToken)
    {
        if (Read(header) is not { } person)
        {
            return null;
        }

        var login = EntraLogin(person);
        if (await users.FindAsync(login, cancellationToken) is { } known)
        {
            return known.IsDisabled ? null : known;
        }

        var now = clock.GetUtcNow();
        if (string.Equals(person.Id, options.Value.FirstAdmin, StringComparison.OrdinalIgnoreCase))
        {
            return await FirstAsync(person, login, now, cancellationToken);
        }

        if (await tenants.FindByEntraAsync(person.Directory, cancellationToken) is not { } tenant
            || person.Mail is null
            || await users.FindAsync(person.Mail, cancellationToken) is not { IsDisabled: false, EntraId: null } invited
            || invited.Tenant != tenant.Id)
        {
            return null;
        }

        return await users.LinkAsync(login, invited, now, cancellationToken)
            ? await users.ChangeAsync(invited.Tenant, invited.Id, user => user with { EntraId = login }, cancellationToken)
            : null;
    }

    async Task<User?> FirstAsync(Person person, string login, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var main = await tenants.GetAsync(Tenant.Main, cancellationToken) ?? new Tenant(Tenant.Main, "Main", now, []);
        if (!main.EntraTenants.Contains(person.Directory, StringComparer.OrdinalIgnoreCase))
        {
            await tenants.UpdateAsync(main with { EntraTenants = [.. main.EntraTenants, person.Directory] }, cancellationToken);
        }

        var admin = new User(Tenant.Main, Keys.NewId(now), person.Mail ?? FirstAdmin.Login, person.Name, Role.Admin, false, now, EntraId: login);
        if (!await users.CreateAsync(admin, now, cancellationToken))
        {
            return null;
        }

        return await users.LinkAsync(login, admin, now, cancellationToken) ? admin : null;
    }

    static string EntraLogin(Person person) => $"entra:{person.Directory}:{person.Id}";

    static Person? Read(string header)
    {
        try
        {
            if (header.Length > MaxHeaderLength)
            {
                return null;
            }

            using var json = JsonDocument.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(header)));
            return json.RootElement.TryGetProperty("claims", out var claims) && claims.ValueKind == JsonValueKind.Array ? Read(claims) : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    static Person? Read(JsonElement claims)
    {
        string? Claim(params ReadOnlySpan<string> types)
        {
            foreach (var type in types)
            {
                foreach (var claim in claims.EnumerateArray())
                {
                    if (claim.TryGetProperty("typ", out var typ) && typ.GetString() == type && claim.TryGetProperty("val", out var val) && val.GetString() is { Length: > 0 and <= 500 } text)
                    {
                        return text;
                    }
                }
            }

            return null;
        }

        var mail = Claim("preferred_username", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress");
        return Claim(Directory, "tid") is { } directory && Claim(ObjectId, "oid") is { } id
            ? new Person(directory, id, User.IsLogin(mail) && mail != FirstAdmin.Login ? mail : null, Claim("name") ?? mail ?? id)
            : null;
    }

    sealed record Person(string Directory, string Id, string? Mail, string Name);
}
