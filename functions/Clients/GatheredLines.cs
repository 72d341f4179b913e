using System.Buffers;

namespace Watchdesk.Clients;

/// <summary>
/// Lines that come while others of their folder are being written go together with its next write; alone, a line is written
/// at once. A folder that is slow or fails holds up no other.
/// </summary>
sealed class GatheredLines(int maxBytes, Func<string, ReadOnlyMemory<byte>, Task> write)
{
    /// <summary>The last block of each folder that has one to be written.</summary>
    readonly Dictionary<string, Block> _last = new(StringComparer.Ordinal);

    /// <summary>Returns when the line is stored. Of somebody who gives up meanwhile it is stored all the same.</summary>
    public Task AddAsync(string folder, ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        lock (_last)
        {
            var last = _last.GetValueOrDefault(folder);
            if (last is not { IsOpen: true } block || block.Lines.WrittenCount + line.Length > maxBytes)
            {
                block = _last[folder] = new Block();
                block.Done = WriteAsync(last?.Done ?? Task.CompletedTask, folder, block);
            }

            block.Lines.Write(line.Span);
            return block.Done.WaitAsync(cancellationToken);
        }
    }

    async Task WriteAsync(Task before, string folder, Block block)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (_last)
        {
            block.IsOpen = false;
        }

        try
        {
            await write(folder, block.Lines.WrittenMemory);
        }
        finally
        {
            lock (_last)
            {
                if (_last[folder] == block)
                {
                    _last.Remove(folder);
                }
            }
        }
    }

    sealed class Block
    {
        public ArrayBufferWriter<byte> Lines { get; } = new(1024);

        public bool IsOpen { get; set; } = true;

        public Task Done { get; set; } = Task.CompletedTask;
    }
}
