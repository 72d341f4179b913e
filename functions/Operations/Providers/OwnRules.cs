using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Operations.Providers;

/// <summary>
/// What a tenant may change of a provider. What runs on this machine, and with which switches, is the operator's: an admin of
/// <c>main</c>. Another team's admin gives a provider other intents and phrases, and webhooks of its own.
/// </summary>
static class OwnRules
{
    /// <exception cref="InvalidRequestException">Says what may not be changed.</exception>
    public static void Check(string tenant, Provider wanted, ProviderTable table)
    {
        if (table.Find(wanted.Id) is null && table.Providers.Count - ProviderTable.BuiltIn.Providers.Count >= ProviderStore.MaxOwn)
        {
            throw new InvalidRequestException($"A tenant has at most {ProviderStore.MaxOwn} providers of its own.");
        }

        if (tenant == Tenant.Main || (wanted.Cli is null && wanted.Runner == RunnerKind.Webhook))
        {
            return;
        }

        var builtIn = ProviderTable.BuiltIn.Find(wanted.Id);
        if (builtIn is null || wanted.Runner != builtIn.Runner || Without(wanted) != Without(builtIn))
        {
            throw new InvalidRequestException("Only an admin of the tenant main may change what is run, with which switches and credentials; change intents, or add a provider with the runner webhook.");
        }
    }

    /// <summary>As JSON, since lists compare by reference.</summary>
    static string Without(Provider provider) => System.Text.Json.JsonSerializer.Serialize(provider with { Name = "", Aliases = [], Intents = [] }, ProvidersJson.Default.Provider);
}
