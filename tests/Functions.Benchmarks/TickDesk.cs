using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Watchdesk.Clients;
using Watchdesk.Heartbeats;
using Watchdesk.Hosting;
using Watchdesk.Schedules;
using Watchdesk.Tests.Support;

namespace Watchdesk.Benchmarks;

/// <param name="Stale">Heard of since their index row was written.</param>
/// <param name="Few">Truly due at one tick.</param>
/// <param name="Many">Truly due at another.</param>
sealed record DueSizes(int Stale, int Few, int Many);

/// <summary>The rooms of the desk over given tables, with a clock of its own; every job has a period of 1 h and 5 min grace.</summary>
sealed class TickDesk : IAsyncDisposable
{
    const int Chunk = 5000;
    const string Tenant = "main";

    public static readonly DateTimeOffset FirstTick = new(2026, 3, 2, 12, 30, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset NoneDue = FirstTick.AddSeconds(1);
    public static readonly DateTimeOffset StaleDue = FirstTick.AddSeconds(10);
    public static readonly DateTimeOffset FewDue = FirstTick.AddSeconds(20);
    public static readonly DateTimeOffset ManyDue = FirstTick.AddSeconds(30);

    static readonly DateTimeOffset Seeded = FirstTick.AddMinutes(-30);
    static readonly JobRequest Request = new("A job", "a-job", Schedule: new PeriodSchedule(TimeSpan.FromHours(1), TimeSpan.FromMinutes(5)));
    static readonly TimeSpan Owed = TimeSpan.FromMinutes(65);

    readonly WebApplication _app;
    readonly ManualClock _clock = new(Seeded);
    readonly Random _random = new(1);

    public TickDesk(ITables tables)
    {
        Tables = new RecordedTables(tables);
        var start = new DeskStart(new CommandLine(), IsHandler: false, IPAddress.Loopback, CommandLine.DefaultPort, AppContext.BaseDirectory);
        _app = Desk.Build(start, builder =>
        {
            builder.Services.RemoveAll<ITables>();
            builder.Services.AddSingleton<ITables>(Tables);
            builder.Services.RemoveAll<TimeProvider>();
            builder.Services.AddSingleton<TimeProvider>(_clock);
            builder.Services.RemoveAll<IMessageSender>();
            builder.Services.AddSingleton<IMessageSender, NoMessages>();
        });
    }

    public RecordedTables Tables { get; }

    public Task TickAsync(DateTimeOffset now)
    {
        _clock.Set(now);
        return _app.Services.GetRequiredService<Ticker>().RunAsync(default);
    }

    /// <summary>Writes state and index rows as the desk would have: those of <paramref name="sizes"/> and others that are due later.</summary>
    public async Task SeedAsync(DueSizes sizes, int jobs)
    {
        var (rows, due) = (_app.Services.GetRequiredService<JobRows>(), _app.Services.GetRequiredService<DueIndex>());
        for (var from = 0; from < jobs; from += Chunk)
        {
            var chunk = Enumerable.Range(from, Math.Min(Chunk, jobs - from)).Select(n => Job(n, sizes)).ToArray();
            await due.AddAsync([.. chunk.Select(job => new DueItem(ApplyEvents.DueKind, Tenant, job.Job.Id, DateTimeOffset.FromUnixTimeMilliseconds(job.State.IndexedAt)))], Seeded, default);
            foreach (var partition in chunk.GroupBy(job => rows.ShardOf(job.Job.Id)))
            {
                foreach (var transaction in partition.Chunk(100))
                {
                    await Tables.WriteAsync(Clients.Tables.JobState, [.. transaction.Select(rows.Insert)], default);
                }
            }

            Tables.Reset();
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    JobRow Job(int n, DueSizes sizes)
    {
        if (n < sizes.Stale)
        {
            return Heard(Seeded.AddSeconds(-_random.Next(1, 600)), indexedAt: StaleDue.AddMilliseconds(-_random.Next(5000)));
        }

        var deadline = n < sizes.Stale + sizes.Few ? FewDue.AddMilliseconds(-_random.Next(5000))
            : n < sizes.Stale + sizes.Few + sizes.Many ? ManyDue.AddMilliseconds(-_random.Next(5000))
            : Seeded.AddMinutes(45).AddSeconds(_random.Next(1200));
        return Heard(deadline - Owed, deadline);
    }

    static JobRow Heard(DateTimeOffset at, DateTimeOffset indexedAt)
    {
        var row = JobRow.New(Tenant, NewJob.From(Request, at));
        var milliseconds = at.ToUnixTimeMilliseconds();
        ApplyEvents.Apply(row, new RunEvent(Keys.NewId(at), row.Job.Id, RunEventKind.Success, milliseconds, milliseconds));
        row.State.IndexedAt = indexedAt.ToUnixTimeMilliseconds();
        return row;
    }

    internal sealed class NoMessages : IMessageSender
    {
        public Task SendAsync(string queue, ReadOnlyMemory<byte> body, string messageId, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
