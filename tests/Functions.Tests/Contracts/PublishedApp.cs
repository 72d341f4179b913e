using Watchdesk.Hosting.Embedded;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Contracts;

/// <summary>The output of <c>dotnet publish</c>, made once for all tests that start from it.</summary>
public sealed class PublishedApp : IAsyncLifetime
{
    public const string Collection = "published";

    static readonly TimeSpan PublishLimit = TimeSpan.FromMinutes(5);

    readonly string temporary = Directory.CreateTempSubdirectory("watchdesk-publish").FullName;

    Azurite? storage;

    /// <summary>The script root.</summary>
    public string Root => Path.Combine(temporary, "app");

    public async Task InitializeAsync()
    {
        // One image of framework and app takes two minutes to compile and runs the same code: only the whole suite waits for it.
        string[] properties = TestScale.Factor < 1 ? ["-p:PublishReadyToRunComposite=false"] : [];
        await using var publish = ChildProcess.Start("dotnet", ["publish", "functions", "-c", "Release", "-o", Root, "-nologo", "-v", "quiet", .. properties]);
        (await publish.ExitAsync(PublishLimit)).ShouldBe(0, publish.Output);
    }

    /// <summary>One storage for all tests that need one.</summary>
    public async Task<Azurite> StorageAsync() =>
        storage ??= await Azurite.StartAsync(Path.Combine(temporary, "storage"), inMemory: true, TimeProvider.System, _ => { }, default);

    public async Task DisposeAsync()
    {
        if (storage is not null)
        {
            await storage.DisposeAsync();
        }

        Directory.Delete(temporary, recursive: true);
    }
}

[CollectionDefinition(PublishedApp.Collection)]
public sealed class PublishedCollection : ICollectionFixture<PublishedApp>;
