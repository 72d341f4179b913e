namespace Watchdesk.Clients;

/// <summary>Adds table, queue, blob and Service Bus clients.</summary>
public static class ClientsFeature
{
    public static void AddClients(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
    }
}
