using Azure.Core;
using Azure.Identity;

namespace Watchdesk.Clients;

/// <summary>Adds table, queue, blob and Service Bus clients. Settings are read and connections made at first use.</summary>
public static class ClientsFeature
{
    public static void AddClients(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddSingleton<TokenCredential>(_ => new DefaultAzureCredential());
        services.AddSingleton(provider => new StorageServices(
            () => Account(provider.GetRequiredService<IConfiguration>()),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<TokenCredential>));
        services.AddSingleton<EventLog>();
        services.AddSingleton<ITables>(provider => new AzureTables(provider.GetRequiredService<StorageServices>().Tables()));
        services.AddSingleton(provider => new StorageQueueClient(provider.GetRequiredService<StorageServices>().Queues()));
        services.AddSingleton(provider => new BlobClient(provider.GetRequiredService<StorageServices>().Blobs()));
        services.AddSingleton(provider => new ResourceManagerClient(caller => caller is null
            ? provider.GetRequiredService<TokenCredential>()
            : new ClientSecretCredential(caller.Directory, caller.ClientId, caller.ClientSecret)));
        services.AddSingleton(Sender);
    }

    /// <exception cref="InvalidOperationException">Names the setting that is missing.</exception>
    internal static StorageAccount Account(IConfiguration configuration) =>
        configuration["AzureWebJobsStorage"] is { Length: > 0 } connectionString ? StorageAccount.Parse(connectionString)
        : configuration["AzureWebJobsStorage:accountName"] is { Length: > 0 } name ? StorageAccount.Named(name)
        : throw new InvalidOperationException("Set AzureWebJobsStorage to a connection string or AzureWebJobsStorage__accountName to the name of a storage account.");

    /// <summary>Service Bus by token, by the connection string that the Functions host takes too, or the Storage queues.</summary>
    static IMessageSender Sender(IServiceProvider provider)
    {
        var configuration = provider.GetRequiredService<IConfiguration>();
        return configuration["ServiceBus:fullyQualifiedNamespace"] is { Length: > 0 } name
            ? new ServiceBusSender(ServiceBusConnection.WithToken(name, provider.GetRequiredService<TokenCredential>))
            : configuration["ServiceBus"] is { Length: > 0 } connectionString
                ? new ServiceBusSender(ServiceBusConnection.WithKey(connectionString, provider.GetRequiredService<TimeProvider>()))
                : provider.GetRequiredService<StorageQueueClient>();
    }
}
