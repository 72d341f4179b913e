using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Incidents;
using Watchdesk.Incidents.Reports;
using Watchdesk.Notices;
using Watchdesk.Schedules;
using Watchdesk.Tenants;
using Watchdesk.Tenants.People;
using Watchdesk.Tests.Notices;
using Watchdesk.Tests.Support;
using DeskTables = Watchdesk.Clients.Tables;

namespace Watchdesk.Tests.Incidents;

/// <summary>Incidents and notices on tables in memory, without the rest of the desk.</summary>
public sealed class IncidentBench
{
    public const string Tenant = "main";
    static readonly IDataProtectionProvider Protection = new EphemeralDataProtectionProvider();

    public IncidentBench(MemoryTables? tables = null, CallBox? queues = null, NotePad? sent = null)
    {
        Tables = tables ?? new MemoryTables();
        Queues = queues ?? new CallBox();
        Sent = sent ?? new NotePad();

        var options = new DeskOptions { DueShards = 1, PublicUrl = "https://desk.example.org" };
        Due = new DueIndex(Tables, Options.Create(options), Clock);
        History = new HistoryStore(Tables);
        Notices = new NoticeStore(Tables, (tenant, id, at, token) => Due.AddAsync([new DueItem(RetentionDue.DueKind, tenant, id, at)], Now, token));
        var log = new EventLog(new MemoryBlobs().Client(), TimeProvider.System);
        Channels = new ChannelStore(Tables, log, Protection);
        Tenants = new TenantStore(Tables, log);
        Digests = new ChannelDigests(Due);
        Outbox = new Outbox(Tables, Due, Queues, History, Notices, new OutboxHome(DeskTables.Incidents), NullLogger<Outbox>.Instance);
        Store = new IncidentStore(Tables);
        Lists = new IncidentLists(Tables);
        var retention = new IncidentRetention(Store, Lists, History, Due);
        Reminders = new Reminders(Lists, Tenants, Due);
        var people = new PersonChannels(Channels, new UserStore(Tables, log));
        var silences = new SilenceStore(Tables, log, (_, _, _, _) => Task.CompletedTask);
        var reach = new ReachStore(Channels, new SubscriptionStore(Tables, log), silences, new Groups(Tables, log), people);
        Desk = new IncidentDesk(Store, reach, Outbox, retention, Reminders);
        Actions = new IncidentActions(Store, Lists, new IncidentWriter(Store, reach, Outbox, retention, Reminders), Due);
        var deliveries = new DeliveryDesk([Sent], Notices, Channels, History, Due, Clock, NullLogger<DeliveryDesk>.Instance);
        Sender = new NoticeSender(Notices, people, new PaceStore(Tables, Clock), deliveries, options, Clock);
        Handlers =
        [
            new RetentionDue([retention, Notices], NullLogger<RetentionDue>.Instance),
            new NoticeDue(Outbox, Notices, Due, NullLogger<NoticeDue>.Instance),
            new AcknowledgementDue(Actions, NullLogger<AcknowledgementDue>.Instance),
            new ReminderDue(Store, Actions, Reminders, NullLogger<ReminderDue>.Instance),
            new DigestDue(Lists, Channels, Digests, Outbox, new ReportDesk(Lists, (_, _, _, _) => Task.FromResult(1234L)), NullLogger<DigestDue>.Instance),
        ];
    }

    public PatientClock Clock { get; } = new("2026-11-20T03:00:00Z");

    public MemoryTables Tables { get; }

    public CallBox Queues { get; }

    public DueIndex Due { get; }

    public HistoryStore History { get; }

    public NoticeStore Notices { get; }

    public ChannelStore Channels { get; }

    public TenantStore Tenants { get; }

    public ChannelDigests Digests { get; }

    public Reminders Reminders { get; }

    public Outbox Outbox { get; }

    public IncidentStore Store { get; }

    public IncidentLists Lists { get; }

    public IncidentDesk Desk { get; }

    public IncidentActions Actions { get; }

    public NoticeSender Sender { get; }

    public NotePad Sent { get; }

    public IReadOnlyList<IDueHandler> Handlers { get; }

    public DateTimeOffset Now => Clock.GetUtcNow();

    public Task TellAsync(params Signal[] signals) => Desk.TellAsync(Tenant, signals, Now, default);

    public Task CatchUpAsync(params Signal[] signals) => Desk.TellAsync(Tenant, signals, Now, isCatchUp: true, default);

    public async Task<string> AddChannelAsync(string name = "ops", Level min = Level.Warning, bool isEnabled = true)
    {
        var id = Watchdesk.Clients.Keys.Hash(name)[..32];
        await Channels.AddAsync(new Channel(Tenant, id, NotePad.KindName, name, min, isEnabled, "{}"), default);
        return id;
    }

    /// <summary>Without it there is no tenant row, and so nobody is reminded.</summary>
    public Task RemindEveryAsync(TimeSpan every) => Tenants.UpdateAsync(new Watchdesk.Tenants.Tenant(Tenant, "Main", Now, []) { RemindEvery = every }, default);

    /// <summary>Kinds of the notices that were sent.</summary>
    public string Told => string.Join(' ', Sent.Messages.Select(message => message.Notice.Kind));

    public async Task PassAsync(TimeSpan time)
    {
        await TickAsync(time);
        await SendAsync();
    }

    public async Task<IReadOnlyList<Incident>> OpenAsync() => (await Lists.ListAsync(Tenant, isOpen: true, 200, null, default)).Items;

    public async Task<IReadOnlyList<Incident>> ClosedAsync() => (await Lists.ListAsync(Tenant, isOpen: false, 200, null, default)).Items;

    public async Task<Incident> OnlyAsync() => (await Store.GetAsync(Tenant, (await OpenAsync()).Concat(await ClosedAsync()).Single().Id, default))!;

    public async Task<IReadOnlyList<HistoryEntry>> StoryAsync(string incident) => (await History.ListAsync(Tenant, incident, 200, null, default)).Items;

    public async Task<IReadOnlyList<Delivery>> DeliveriesAsync() => (await Notices.ListAsync(Tenant, 200, null, default)).Items;

    /// <summary>Rows of a table whose key begins so.</summary>
    public IReadOnlyList<TableRow> Rows(string table, string prefix = "") => [.. Tables.Rows(table).Where(row => row.RowKey.StartsWith(prefix, StringComparison.Ordinal))];

    /// <summary>Sends what the messages in the queue name, then drops the messages.</summary>
    public async Task SendAsync()
    {
        var keys = new List<NoticeKey>();
        foreach (var message in Queues.TakeAll())
        {
            using var body = System.Text.Json.JsonDocument.Parse(message);
            keys.AddRange(Envelope.Read(body.RootElement).Items.EnumerateArray().Select(item => NoticeKey.Read(item.GetString()!)!));
        }

        await Sender.SendAsync(Tenant, keys, default);
    }

    /// <summary>The rows that have come due.</summary>
    public IReadOnlyList<DueRow> DueRows() =>
        [.. Tables.Rows(DeskTables.Due)
            .Select(row => (Row: row, Item: DueKeys.Parse(row.RowKey)))
            .Where(x => x.Item is not null && x.Item.Deadline <= Now)
            .Select(x => new DueRow(x.Item!, x.Row.PartitionKey, x.Row.RowKey))];

    /// <summary>Handles the due rows that have come due, as a tick does.</summary>
    public async Task TickAsync(TimeSpan after)
    {
        Clock.Advance(after);
        var rows = DueRows();
        foreach (var handler in Handlers)
        {
            var mine = rows.Where(row => row.Item.Kind == handler.Kind).ToList();
            if (mine.Count > 0)
            {
                (await handler.HandleAsync(mine, new TickContext(Now), default)).ShouldBeEmpty();
            }
        }

        foreach (var row in rows)
        {
            await Tables.WriteAsync(DeskTables.Due, TableWrite.Delete(row.PartitionKey, row.RowKey), default);
        }
    }
}

/// <summary>Builders of signals.</summary>
public static class A
{
    static readonly DateTimeOffset Start = new(2026, 11, 20, 2, 55, 0, TimeSpan.Zero);

    public static Signal Bad(string name, long turn = 1, Severity severity = Severity.Critical, string? host = null, bool isFlapping = false) =>
        new($"job:{name}", name, turn, severity, "No success for 25 min; expected by 02:30.", Start, host, $"/jobs/{name}", isFlapping);

    public static Signal Good(string name, long turn = 2, bool isFlapping = false) =>
        new($"job:{name}", name, turn, null, "Success at 03:05.", Start.AddMinutes(10), null, $"/jobs/{name}", isFlapping);
}
