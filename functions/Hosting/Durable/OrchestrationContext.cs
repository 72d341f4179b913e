using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Google.Protobuf.WellKnownTypes;
using Watchdesk.Hosting.Durable.Wire;

namespace Watchdesk.Hosting.Durable;

/// <summary>
/// What an orchestrator may use, and the only thing that it may await: it runs from its beginning at every turn, so it
/// has no clock, no randomness and no I/O of its own. Task.WhenAll and Task.WhenAny over its tasks are fine.
/// </summary>
public sealed partial class OrchestrationContext
{
    const int MaxStatusBytes = 16 * 1024;
    const int MaxInstanceId = 100;

    /// <summary>Storage queues hold a message back for 7 days at most.</summary>
    static readonly TimeSpan LongestTimer = TimeSpan.FromDays(3);

    static readonly byte[] GuidNamespace = Guid.Parse("9e952958-5e33-4daf-827f-2fa12937b875").ToByteArray(bigEndian: true);

    readonly Replay replay;
    int guids;

    internal OrchestrationContext(Replay replay, ExecutionStarted started)
    {
        this.replay = replay;
        Name = started.Name;
        ExecutionId = started.OrchestrationInstance?.ExecutionId ?? "";
        ParentInstanceId = started.ParentInstance?.OrchestrationInstance?.InstanceId;
        var envelope = DurableJson.Envelope(started.Input);
        Version = envelope is { } env && env.TryGetProperty("version"u8, out var version) ? version.GetInt32() : 0;
        Input = envelope is { } wrapped ? wrapped.GetProperty("value"u8).GetRawText() : started.Input;
    }

    public string InstanceId => replay.InstanceId;

    public string ExecutionId { get; }

    public string Name { get; }

    /// <summary>Of the orchestration when this instance was started, whatever the code is now; 0 when it was not started by us.</summary>
    public int Version { get; }

    public string? ParentInstanceId { get; }

    /// <summary>When this turn began; the same at every replay.</summary>
    public DateTimeOffset CurrentUtcTime => replay.Now;

    /// <summary>Write no log then: it was written before.</summary>
    public bool IsReplaying => replay.IsReplaying;

    internal string? Input { get; }

    /// <summary>The same ids at every replay.</summary>
    public Guid NewGuid()
    {
        replay.CheckThread();
        var name = string.Create(CultureInfo.InvariantCulture, $"{InstanceId}_{CurrentUtcTime.UtcDateTime:O}_{guids++}");
#pragma warning disable CA5350 // Version 5 of RFC 9562 is made with SHA-1; nothing is protected by it.
        var hash = SHA1.HashData([.. GuidNamespace, .. Encoding.UTF8.GetBytes(name)]).AsSpan(0, 16).ToArray();
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true);
    }

    /// <summary>What a query shows while the instance runs; kept until it is set again.</summary>
    /// <exception cref="InvalidOperationException">It is larger than the host takes.</exception>
    public void SetStatus<T>(T status, JsonTypeInfo<T> type)
    {
        replay.CheckThread();
        var json = DurableJson.Write(status, type);
        replay.CustomStatus = json.Length * sizeof(char) <= MaxStatusBytes ? json
            : throw new InvalidOperationException($"A custom status has at most {MaxStatusBytes} bytes as UTF-16, not {json.Length * sizeof(char)}. Keep the details in a row and its key here.");
    }

    public void ClearStatus()
    {
        replay.CheckThread();
        replay.CustomStatus = null;
    }

    /// <summary>Raises an event to another instance; nobody hears whether it still ran.</summary>
    public void Send<T>(string instanceId, ExternalEvent<T> to, T data)
    {
        replay.CheckThread();
        replay.Actions.Add(new OrchestratorAction
        {
            SendEvent = new SendEvent { Instance = new OrchestrationInstance { InstanceId = instanceId }, Name = to.Name, Data = DurableJson.Write(data, to.Data) },
        });
    }

    /// <summary>
    /// Ends this generation when the orchestrator returns, and begins the next one with an empty history. Events that were
    /// not waited for go along; open timers are given up; await calls first. What the orchestrator returns is not looked at.
    /// </summary>
    public void ContinueAsNew<T>(T input, JsonTypeInfo<T> type)
    {
        replay.CheckThread();
        replay.NextInput = DurableJson.Start(DurableJson.Write(input, type), Version);
    }

    public Task DelayAsync(TimeSpan delay) => DelayUntilAsync(CurrentUtcTime + delay);

    /// <summary>An instant that has passed ends at once. Embedded, the resolution is that of the tick.</summary>
    public async Task DelayUntilAsync(DateTimeOffset at)
    {
        do
        {
            await Timer(at).Fired;
        }
        while (CurrentUtcTime < at);
    }

    public async Task<T> WaitForAsync<T>(ExternalEvent<T> awaited)
    {
        replay.CheckThread();
        return DurableJson.Read(await replay.Events.Wait(awaited.Name).Source.Task, awaited.Data)!;
    }

    /// <summary>Waits for the event or the deadline, whichever comes first. An event that comes later is kept for the next who waits.</summary>
    public async Task<Waited<T>> WaitForAsync<T>(ExternalEvent<T> awaited, TimeSpan deadline)
    {
        replay.CheckThread();
        var waiter = replay.Events.Wait(awaited.Name);
        var came = waiter.Source.Task;
        for (var until = CurrentUtcTime + deadline; !came.IsCompleted;)
        {
            var (id, fired) = Timer(until);
            await Task.WhenAny(came, fired);
            if (came.IsCompleted)
            {
                replay.Actions.Abandon(id);
            }
            else if (CurrentUtcTime >= until)
            {
                replay.Events.Leave(waiter);
                return new Waited<T>(false, default);
            }
        }

        return new Waited<T>(true, DurableJson.Read(await came, awaited.Data));
    }

    (int Id, Task Fired) Timer(DateTimeOffset at)
    {
        replay.CheckThread();
        var fireAt = at - CurrentUtcTime > LongestTimer ? CurrentUtcTime + LongestTimer : at;
        var id = replay.Actions.NextId;
        return (id, replay.Actions.AddOpen(new OrchestratorAction { CreateTimer = new CreateTimer { FireAt = Timestamp.FromDateTimeOffset(fireAt) } }, "timer"));
    }
}
