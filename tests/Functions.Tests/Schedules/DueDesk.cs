using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Schedules;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Schedules;

/// <summary>A due index and its tick over tables in memory.</summary>
sealed class DueDesk
{
    readonly IOptions<DeskOptions> _options;
    readonly IDueHandler[] _handlers;

    public DueDesk(string now, params IDueHandler[] handlers)
        : this(DateTimeOffset.Parse(now, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal), shards: 4, handlers)
    {
    }

    public DueDesk(DateTimeOffset now, int shards, params IDueHandler[] handlers)
    {
        Clock = new ManualClock(now);
        _options = Options.Create(new DeskOptions { DueShards = shards });
        _handlers = handlers;
        Index = Writer(Clock);
        Cursor = new TickCursor(Tables);
    }

    public MemoryTables Tables { get; } = new();

    public ManualClock Clock { get; }

    public DueIndex Index { get; }

    public TickCursor Cursor { get; }

    public DateTimeOffset Now => Clock.GetUtcNow();

    public IReadOnlyList<TableRow> Rows => Tables.Rows(Watchdesk.Clients.Tables.Due);

    public DueIndex Writer(TimeProvider clock) => new(Tables, _options, clock);

    public Task AddAsync(string id, DateTimeOffset deadline, string kind = "job") =>
        Index.AddAsync([new DueItem(kind, "main", id, deadline)], Now, default);

    /// <summary>A fresh ticker each time, as after a restart: nothing is kept in memory.</summary>
    public Task TickAsync(CancellationToken cancellationToken = default) =>
        new Ticker(Index, Cursor, _handlers, Clock, NullLogger<Ticker>.Instance).RunAsync(cancellationToken);

    public async Task<TickState> StateAsync() => (await Cursor.ReadAsync(default)).ShouldNotBeNull();
}

/// <summary>Remembers what it was given and does what it is told.</summary>
sealed class RecordingHandler(string kind = "job") : IDueHandler
{
    public string Kind { get; } = kind;

    public List<(string Id, DateTimeOffset At)> Seen { get; } = [];

    public List<TickContext> Ticks { get; } = [];

    public int Calls { get; private set; }

    /// <summary>Called before anything is remembered; throw to fail.</summary>
    public Func<IReadOnlyList<DueRow>, TickContext, Task>? First { get; set; }

    public Func<DueRow, bool> Fails { get; set; } = _ => false;

    public IEnumerable<string> Ids => Seen.Select(seen => seen.Id);

    public async Task<IReadOnlyList<DueRow>> HandleAsync(IReadOnlyList<DueRow> rows, TickContext tick, CancellationToken cancellationToken)
    {
        Calls++;
        if (First is not null)
        {
            await First(rows, tick);
        }

        Ticks.Add(tick);
        Seen.AddRange(rows.Where(row => !Fails(row)).Select(row => (row.Item.Id, tick.Now)));
        return [.. rows.Where(Fails)];
    }
}
