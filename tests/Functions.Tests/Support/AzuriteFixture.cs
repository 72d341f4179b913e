using Watchdesk.Clients;
using Watchdesk.Hosting.Embedded;

namespace Watchdesk.Tests.Support;

/// <summary>One Azurite in memory for all test classes of <c>[Collection("Azurite")]</c>.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    readonly string folder = Path.Combine(Path.GetTempPath(), "watchdesk-tests-" + Guid.NewGuid().ToString("N"));

    public Azurite Azurite { get; private set; } = null!;

    public StorageAccount Account => StorageAccount.Parse(Azurite.ConnectionString);

    internal StorageServices Services { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Azurite = await Azurite.StartAsync(folder, inMemory: true, TimeProvider.System, Console.WriteLine, default);
        Services = new StorageServices(() => Account, TimeProvider.System);
    }

    public async Task DisposeAsync()
    {
        await Azurite.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}

[CollectionDefinition("Azurite")]
public sealed class AzuriteCollection : ICollectionFixture<AzuriteFixture>;
