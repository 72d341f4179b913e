namespace Watchdesk.Clients;

/// <summary>Reads a blob forward in pieces. What is appended meanwhile is read too.</summary>
sealed class BlobReadStream(BlobClient blobs, string container, string name) : Stream
{
    ReadOnlyMemory<byte> piece;
    long offset;
    bool isAtEnd;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => offset - piece.Length; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (piece.IsEmpty && !isAtEnd)
        {
            piece = await blobs.ReadAsync(container, name, offset, BlobClient.MaxBlock, cancellationToken) ?? default;
            offset += piece.Length;
            isAtEnd = piece.Length < BlobClient.MaxBlock;
        }

        var count = Math.Min(buffer.Length, piece.Length);
        piece[..count].CopyTo(buffer);
        piece = piece[count..];
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read this stream asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
