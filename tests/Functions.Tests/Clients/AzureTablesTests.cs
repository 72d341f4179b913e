using Watchdesk.Clients;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Clients;

[Collection("Azurite")]
[Trait("Size", "Large")]
public sealed class AzureTablesTests(AzuriteFixture azurite) : TablesContract
{
    protected override ITables Sut { get; } = new AzureTables(azurite.Services.Tables());
}
