using Watchdesk.Clients;

namespace Watchdesk.Tenants.People;

/// <summary>Adds sign-up, profiles, groups and invitations.</summary>
static class PeopleFeature
{
    public static void AddPeople(this IServiceCollection services)
    {
        services.AddSingleton<PeopleDesk>();
        services.AddSingleton<CloudSecrets>();
        services.AddSingleton<Groups>();
        services.AddSingleton<GroupDesk>();
        services.AddSingleton<Invitations>();
        services.AddSingleton<IExpiring>(provider => provider.GetRequiredService<Invitations>());
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Add(TenantsJson.Default));
    }

    public static void MapPeople(this IEndpointRouteBuilder routes)
    {
        PersonApi.Map(routes);
        UsersApi.Map(routes);
        GroupsApi.Map(routes);
        InvitationsApi.Map(routes);
    }
}
