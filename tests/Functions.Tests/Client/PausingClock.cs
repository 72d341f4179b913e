using System.Threading.Channels;
using Watchdesk.Client;

namespace Watchdesk.Tests.Client;

/// <summary>A client's clock whose pauses end only when a test says so.</summary>
public sealed class PausingClock
{
    readonly Channel<Pause> _pauses = Channel.CreateUnbounded<Pause>();
    long _ticks = DateTimeOffset.Parse("2026-11-20T08:00:00Z").UtcTicks;

    public PausingClock() => Clock = new HeartbeatClock(() => Now, DelayAsync);

    public HeartbeatClock Clock { get; }

    public DateTimeOffset Now => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    /// <summary>The next pause that somebody makes; those of no length are not counted.</summary>
    public async Task<Pause> NextAsync()
    {
        using var tooLong = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return await _pauses.Reader.ReadAsync(tooLong.Token);
    }

    async Task DelayAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (time > TimeSpan.Zero)
        {
            var pause = new Pause(time);
            _pauses.Writer.TryWrite(pause);
            await pause.Ended.WaitAsync(cancellationToken);
            Interlocked.Add(ref _ticks, time.Ticks);
        }
    }

    public sealed class Pause(TimeSpan time)
    {
        readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TimeSpan Time { get; } = time;

        public Task Ended => _ended.Task;

        public void End() => _ended.TrySetResult();
    }
}
