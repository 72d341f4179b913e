using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Watchdesk.Clients;

namespace Watchdesk.Tenants;

/// <summary>The data-protection keys of all instances in one blob; a second writer reads again and adds to what is there.</summary>
/// <remarks>The framework's contract is synchronous. It reads once a day, never on the way of a ping.</remarks>
sealed class KeyRing(BlobClient blobs) : IXmlRepository
{
    public const string Container = "watchdesk";
    public const string Name = "keyring.xml";
    const string ContentType = "application/xml";

    public IReadOnlyCollection<XElement> GetAllElements() => [.. Parse(Wait(blobs.GetAsync(Container, Name, CancellationToken.None))).Elements()];

    public void StoreElement(XElement element, string friendlyName)
    {
        while (!TryStore(element))
        {
        }
    }

    bool TryStore(XElement element)
    {
        var stored = Wait(blobs.GetAsync(Container, Name, CancellationToken.None));
        var ring = Parse(stored);
        ring.Add(element);
        var content = Encoding.UTF8.GetBytes(ring.ToString(SaveOptions.DisableFormatting));
        return stored is null
            ? Wait(blobs.CreateAsync(Container, Name, content, ContentType, CancellationToken.None))
            : Wait(blobs.PutAsync(Container, Name, content, ContentType, stored.ETag, CancellationToken.None)) is not null;
    }

    static XElement Parse(BlobContent? stored) =>
        stored is null ? new XElement("keyring") : XElement.Parse(Encoding.UTF8.GetString(stored.Content.Span));

    static T Wait<T>(Task<T> call) => call.GetAwaiter().GetResult();
}
