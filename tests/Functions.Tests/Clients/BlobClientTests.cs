using Watchdesk.Clients;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Clients;

[Collection("Azurite")]
[Trait("Size", "Large")]
public sealed class BlobClientTests(AzuriteFixture azurite) : BlobContract(new BlobClient(azurite.Services.Blobs()));
