using System.Buffers;

namespace Watchdesk.Clients;

/// <summary>A growing buffer from the shared pool, for request bodies.</summary>
sealed class PooledBuffer(int capacity) : IBufferWriter<byte>
{
    byte[] bytes = ArrayPool<byte>.Shared.Rent(capacity);
    int length;

    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, length);

    public void Advance(int count) => length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(Math.Max(sizeHint, 1));
        return bytes.AsMemory(length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Write(ReadOnlySpan<byte> text)
    {
        text.CopyTo(GetSpan(text.Length));
        length += text.Length;
    }

    public void Write(string text)
    {
        var span = GetSpan(System.Text.Encoding.UTF8.GetMaxByteCount(text.Length));
        length += System.Text.Encoding.UTF8.GetBytes(text, span);
    }

    /// <summary>Only after the service has answered with success: until then the bytes may still be on their way.</summary>
    public void Return()
    {
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = [];
        length = 0;
    }

    void Grow(int more)
    {
        if (bytes.Length - length >= more)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(bytes.Length * 2, length + more));
        bytes.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = larger;
    }
}
