using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Watchdesk.Clients;
using Watchdesk.Hosting.Embedded;
using Watchdesk.Tenants.Audit;
using Watchdesk.Tenants.People;

namespace Watchdesk.Tenants;

/// <summary>Adds tenants, users, keys, sessions and sign-in.</summary>
public static class TenantsFeature
{
    public static void AddTenants(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddSingleton<TenantStore>();
        services.AddSingleton<UserStore>();
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<PingKeys>();
        services.AddSingleton<BadgeKeys>();
        services.AddSingleton<StatusKeys>();
        services.AddSingleton<CalendarKeys>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<IExpiring>(provider => provider.GetRequiredService<Sessions>());
        services.AddSingleton<SessionCookie>();
        services.AddSingleton<SignInDamping>();
        services.AddSingleton<LocalAccounts>();
        services.AddSingleton<EntraSignIn>();
        services.AddSingleton<ClientAddress>();
        services.AddSingleton<LinkPace>();
        services.AddSingleton<KeyDesk>();
        services.AddSingleton<FirstAdmin>();
        services.AddSingleton<DemoAccess>();
        services.AddSingleton(provider => new DemoKeys(provider.GetRequiredService<DemoAccess>().MakeAsync, provider.GetRequiredService<DemoAccess>().RevokeAllAsync));
        services.AddSingleton<DeadLetters>();
        services.AddSingleton<IExpiring>(provider => provider.GetRequiredService<DeadLetters>());
        services.AddPeople();
        services.AddAudit();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Add(TenantsJson.Default));
        services.AddAuthentication(DeskAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, DeskAuthentication>(DeskAuthentication.SchemeName, null);
        services.AddSingleton<IAuthorizationHandler, DeskAuthorization>();
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder(DeskAuthentication.SchemeName).AddRequirements(new DeskRequirement()).Build());
        // The framework tells each visitor without a session, and each start without Key Vault.
        builder.Logging.AddFilter("Watchdesk.Tenants.DeskAuthentication", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        // It tells of every request without a credential.
        builder.Logging.AddFilter(typeof(DeskAuthentication).FullName, LogLevel.Warning);
        services.AddAntiforgery(options =>
        {
            options.FormFieldName = "token";
            options.Cookie.Name = "wd-token";
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.SuppressXFrameOptionsHeader = true;
        });
        // Last: antiforgery adds data protection, and its eager start, once more.
        KeyRingSetup.Add(services);
    }

    public static void MapTenants(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseMiddleware<SecurityHeaders>();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAuditOfWork();
        app.UseMiddleware<WriteGuard>();
        KeysApi.Map(app);
        app.MapPeople();
        AuditApi.Map(app);
        TenantsApi.Map(app);
        DeadLettersApi.Map(app);
    }
}
