using Azure.Core;
using Azure.Core.Pipeline;

namespace Watchdesk.Clients;

/// <summary>Connects tables, queues and blobs of one account. The account is read at the first call.</summary>
/// <param name="testTransport">Answers by itself.</param>
sealed class StorageServices(Func<StorageAccount> readAccount, TimeProvider clock, Func<TokenCredential>? credential = null, HttpPipelineTransport? testTransport = null)
{
    public const string Version = "2024-11-04";
    const string Scope = "https://storage.azure.com/.default";

    readonly Lazy<StorageAccount> account = new(readAccount, LazyThreadSafetyMode.PublicationOnly);
    HttpPipelineTransport? transport = testTransport;

    public TimeSpan RetryDelay { get; init; } = RestPipeline.RetryDelay;

    public RestService Tables() => Service("Tables", account => account.Tables, isTable: true);

    public RestService Queues() => Service("Queues", account => account.Queues, isTable: false);

    public RestService Blobs() => Service("Blobs", account => account.Blobs, isTable: false);

    RestService Service(string name, Func<StorageAccount, Uri> endpoint, bool isTable) => new(name, () =>
    {
        HttpPipelinePolicy authentication = account.Value.Key is { } key
            ? new SharedKeyPolicy(account.Value.Name, key, isTable, clock)
            : new BearerTokenAuthenticationPolicy(credential?.Invoke() ?? throw new InvalidOperationException("An account without a key needs a credential."), Scope);
        return new RestTarget(endpoint(account.Value).AbsoluteUri.TrimEnd('/'), RestPipeline.Build(authentication, Transport(), RetryDelay));
    });

    /// <summary>One for the three, with one pool of connections.</summary>
    HttpPipelineTransport Transport() => LazyInitializer.EnsureInitialized(ref transport, () => RestPipeline.Transport(account.Value.IsLocal));
}
