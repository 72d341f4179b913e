using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;
using Watchdesk.Clients;

namespace Watchdesk.Hosting;

/// <summary>The data-protection keys in one blob that every instance shares, so that a form opened on one is taken by another.</summary>
sealed class KeyRing(BlobClient blobs) : IXmlRepository
{
    const string Container = "keys";
    const string Name = "ring.xml";
    const string MediaType = "application/xml";
    const int Tries = 10;

    public IReadOnlyCollection<XElement> GetAllElements() => [.. Read().Ring.Elements()];

    /// <summary>Two instances that make a key at the same time both keep theirs.</summary>
    public void StoreElement(XElement element, string friendlyName)
    {
        for (var i = 0; i < Tries; i++)
        {
            var (ring, etag) = Read();
            ring.Add(element);
            var bytes = Encoding.UTF8.GetBytes(ring.ToString(SaveOptions.DisableFormatting));
            var isStored = etag is null
                ? Wait(blobs.CreateAsync(Container, Name, bytes, MediaType, default))
                : Wait(blobs.PutAsync(Container, Name, bytes, MediaType, etag, default)) is not null;
            if (isStored)
            {
                return;
            }
        }

        throw new InvalidOperationException($"The key ring changed {Tries} times while a key was added.");
    }

    (XElement Ring, string? ETag) Read() =>
        Wait(blobs.GetAsync(Container, Name, default)) is { } blob ? (XElement.Parse(Encoding.UTF8.GetString(blob.Content.Span)), blob.ETag) : (new XElement("keys"), null);

    /// <summary>The framework's repository has no async form, and there is no synchronization context to wait for.</summary>
#pragma warning disable CA1849, MA0045
    static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
#pragma warning restore CA1849, MA0045
}

static class KeyRingFeature
{
    /// <summary>After all rooms: some of them add data protection too.</summary>
    public static void AddKeyRing(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddDataProtection(options => options.ApplicationDiscriminator = "watchdesk");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider =>
            new ConfigureOptions<KeyManagementOptions>(options => options.XmlRepository = new KeyRing(provider.GetRequiredService<BlobClient>())));

        // The framework reads the ring when it starts. A cold start, and the host's probe, must not wait for storage.
        foreach (var eager in services.Where(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Name == "DataProtectionHostedService").ToList())
        {
            services.Remove(eager);
        }
    }
}
