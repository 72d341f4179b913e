using Watchdesk.Clients;

namespace Watchdesk.Hosting.Embedded.Orchestrations;

/// <summary>Lets one at a time of this process look at an instance. A look that began after somebody came is his look too.</summary>
sealed class InstanceGates : IDisposable
{
    readonly Gate[] gates = [.. Enumerable.Range(0, 256).Select(_ => new Gate())];

    /// <summary>Counts who came and who looked.</summary>
    long order;

    /// <param name="look">Null to look again; true when all that it found is done.</param>
    public async Task<bool> PassAsync(string id, Func<Task<bool?>> look, CancellationToken cancellationToken)
    {
        var gate = gates[Keys.Shard(id, gates.Length)];
        var came = Interlocked.Increment(ref order);
        await gate.Free.WaitAsync(cancellationToken);
        try
        {
            bool? isDone = gate.Id == id && gate.LookedAt > came ? true : null;
            while (isDone is null)
            {
                var now = Interlocked.Increment(ref order);
                isDone = await look();
                if (isDone == true)
                {
                    (gate.Id, gate.LookedAt) = (id, now);
                }
            }

            return isDone.Value;
        }
        finally
        {
            gate.Free.Release();
        }
    }

    public void Dispose() => Array.ForEach(gates, gate => gate.Free.Dispose());

    sealed class Gate
    {
        public SemaphoreSlim Free { get; } = new(1);

        public string Id { get; set; } = "";

        public long LookedAt { get; set; }
    }
}
