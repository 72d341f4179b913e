using System.Runtime.CompilerServices;

namespace Watchdesk.Clients;

public sealed record AppendResult(int BlockCount, bool IsFull);

public sealed record BlobContent(byte[] Content, string ETag);

/// <summary>Blob Storage; the calls follow.</summary>
public sealed class BlobClient
{
    public Task PutAsync(string container, string name, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<AppendResult> AppendAsync(string container, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => Task.FromResult(new AppendResult(1, false));

    public Task<BlobContent?> GetAsync(string container, string name, CancellationToken cancellationToken) => Task.FromResult<BlobContent?>(null);

    public Task<bool> DeleteAsync(string container, string name, CancellationToken cancellationToken) => Task.FromResult(true);

    public async IAsyncEnumerable<string> ListAsync(string container, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        yield break;
    }

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadLinesAsync(string container, string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        yield break;
    }
}
