using System.Globalization;
using Azure.Core;

namespace Watchdesk.Clients;

/// <param name="ETag">With its quotes, as it goes back in a condition.</param>
public sealed record BlobContent(ReadOnlyMemory<byte> Content, string ETag);

/// <param name="BlockCount">Blocks in the blob after this one.</param>
/// <param name="IsFull">True when the blob has all the blocks it can have: nothing was written, go on in the next blob.</param>
public sealed record AppendResult(int BlockCount, bool IsFull);

/// <summary>Blobs over REST. A container comes into being with its first blob; one that is missing reads as empty.</summary>
public sealed partial class BlobClient
{
    /// <summary>One append and one ranged read move at most this much.</summary>
    public const int MaxBlock = 4 * 1024 * 1024;

    const int MaxBlocks = 50_000;

    readonly RestService service;

    internal BlobClient(RestService service) => this.service = service;

    /// <summary>
    /// False when the blob exists. A call whose answer was lost is tried again, so false can be our own success.
    /// </summary>
    public async Task<bool> CreateAsync(string container, string name, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken) =>
        await PutAsync(container, name, content, contentType, "BlockBlob", ("If-None-Match", "*"), cancellationToken) is not null;

    /// <summary>Writes the blob whatever was there, and returns its ETag.</summary>
    public async Task<string> PutAsync(string container, string name, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken) =>
        (await PutAsync(container, name, content, contentType, "BlockBlob", default, cancellationToken))!;

    /// <summary>Returns the new ETag; null when the blob changed since <paramref name="ifMatch"/>, or is gone.</summary>
    public Task<string?> PutAsync(string container, string name, ReadOnlyMemory<byte> content, string contentType, string ifMatch, CancellationToken cancellationToken) =>
        PutAsync(container, name, content, contentType, "BlockBlob", ("If-Match", ifMatch), cancellationToken);

    /// <summary>The whole blob, null when there is none. For blobs that we wrote ourselves in one piece.</summary>
    public async Task<BlobContent?> GetAsync(string container, string name, CancellationToken cancellationToken)
    {
        const string Call = "GET /{container}/{blob}";
        using var message = Create(RequestMethod.Get, Path(container, name));
        var response = await service.SendAsync(message, Call, cancellationToken);
        return response.Status == 200 ? new BlobContent(response.Content.ToMemory(), ETag(response))
            : IsMissing(response) ? null : throw service.Error(Call, response);
    }

    /// <summary>Adds one block to an append blob, which is made when missing. A lost answer can add the block twice.</summary>
    public async Task<AppendResult> AppendAsync(string container, string name, ReadOnlyMemory<byte> block, CancellationToken cancellationToken)
    {
        const string Call = "PUT /{container}/{blob}?comp=appendblock";
        if (block.Length is 0 or > MaxBlock)
        {
            throw new ArgumentException($"A block has 1 to {MaxBlock} bytes, not {block.Length}.", nameof(block));
        }

        for (var isFirst = true; ; isFirst = false)
        {
            using var message = Create(RequestMethod.Put, Path(container, name) + "?comp=appendblock");
            message.Request.Content = RequestContent.Create(block);
            var response = await service.SendAsync(message, Call, cancellationToken);
            if (response.Status == 201)
            {
                return new AppendResult(int.Parse(Header(response, "x-ms-blob-committed-block-count") ?? "0", CultureInfo.InvariantCulture), false);
            }

            if (RemoteErrors.Code(response) is "BlockCountExceedsLimit")
            {
                return new AppendResult(MaxBlocks, true);
            }

            if (!isFirst || !IsMissing(response))
            {
                throw service.Error(Call, response);
            }

            await PutAsync(container, name, default, "application/x-ndjson", "AppendBlob", ("If-None-Match", "*"), cancellationToken);
        }
    }

    /// <summary>False when there was none.</summary>
    public Task<bool> DeleteAsync(string container, string name, CancellationToken cancellationToken) =>
        DeleteAsync(container, name, default((string, string?)), cancellationToken);

    /// <summary>False when there was none, or it changed since <paramref name="ifMatch"/>.</summary>
    public Task<bool> DeleteAsync(string container, string name, string ifMatch, CancellationToken cancellationToken) =>
        DeleteAsync(container, name, ("If-Match", ifMatch), cancellationToken);
}
