using System.Buffers;

namespace Watchdesk.Clients;

/// <summary>Lines that come while others are being written go together with the next write; alone, a line is written at once.</summary>
sealed class GatheredLines(int maxBytes, Func<string, ReadOnlyMemory<byte>, Task> write)
{
    readonly Dictionary<string, Block> _gathering = new(StringComparer.Ordinal);
    Task _last = Task.CompletedTask;

    /// <summary>Returns when the line is stored. Of somebody who gives up meanwhile it is stored all the same.</summary>
    public Task AddAsync(string folder, ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        lock (_gathering)
        {
            if (!_gathering.TryGetValue(folder, out var block) || block.Lines.WrittenCount + line.Length > maxBytes)
            {
                block = _gathering[folder] = new Block();
                block.Done = _last = WriteAsync(_last, folder, block);
            }

            block.Lines.Write(line.Span);
            return block.Done.WaitAsync(cancellationToken);
        }
    }

    async Task WriteAsync(Task before, string folder, Block block)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (_gathering)
        {
            if (_gathering.GetValueOrDefault(folder) == block)
            {
                _gathering.Remove(folder);
            }
        }

        await write(folder, block.Lines.WrittenMemory);
    }

    sealed class Block
    {
        public ArrayBufferWriter<byte> Lines { get; } = new(1024);

        public Task Done { get; set; } = Task.CompletedTask;
    }
}
