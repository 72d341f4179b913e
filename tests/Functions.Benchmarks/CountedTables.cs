using Watchdesk.Clients;

namespace Watchdesk.Benchmarks;

/// <summary>Passes calls on and counts them.</summary>
sealed class CountedTables(ITables inner) : ITables
{
    long _calls;

    public long Calls => Volatile.Read(ref _calls);

    public Task CreateTableAsync(string table, CancellationToken cancellationToken) => inner.CreateTableAsync(table, cancellationToken);

    public Task<TableRow?> GetAsync(string table, string partitionKey, string rowKey, IReadOnlyList<string>? select = null, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _calls);
        return inner.GetAsync(table, partitionKey, rowKey, select, cancellationToken);
    }

    public Task<TablePage> QueryAsync(TableQuery query, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        return inner.QueryAsync(query, cancellationToken);
    }

    public Task<TableResult> WriteAsync(string table, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        return inner.WriteAsync(table, writes, cancellationToken);
    }
}

/// <summary>Takes every block: the event log of the desk on the double.</summary>
sealed class TakenBlobs : HttpMessageHandler
{
    long _blocks;

    public long Blocks => Volatile.Read(ref _blocks);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _blocks);
        return Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.Created) { Headers = { { "x-ms-blob-committed-block-count", "1" } }, RequestMessage = request });
    }
}
