using Azure.Core;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;
using Watchdesk.Clients;
using Watchdesk.Hosting;

namespace Watchdesk.Tenants;

/// <summary>Data protection over one blob, wrapped by Key Vault where the installation has one.</summary>
static class KeyRingSetup
{
    public static void Add(IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("watchdesk");
        services.AddSingleton(provider => new VaultKey(provider.GetRequiredService<DeskOptions>().KeyVaultUri, provider.GetRequiredService<TokenCredential>()));
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(options =>
        {
            options.XmlRepository = new KeyRing(provider.GetRequiredService<BlobClient>());
            if (provider.GetRequiredService<DeskOptions>().KeyVaultUri.Length > 0)
            {
                options.XmlEncryptor = new KeyRingEncryptor(provider.GetRequiredService<VaultKey>());
            }
        }));

        // It would read the ring at every cold start; the first page does it early enough.
        services.Remove(services.Single(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Name == "DataProtectionHostedService"));
    }
}
