using Watchdesk.Clients;
using Watchdesk.Hosting.Embedded.Orchestrations;

namespace Watchdesk.Schedules;

/// <summary>Due kind <c>durable</c>: the embedded engine's timers. In Azure the extension has its own and no such row is written.</summary>
sealed class DurableDue(IServiceProvider services) : IDueHandler
{
    public string Kind => DurableMail.DueKind;

    public async Task<IReadOnlyList<DueRow>> HandleAsync(IReadOnlyList<DueRow> rows, TickContext tick, CancellationToken cancellationToken)
    {
        var mail = services.GetRequiredService<DurableMail>();
        var failed = new List<DueRow>();
        foreach (var row in rows)
        {
            try
            {
                await mail.WakeAsync(row.Item.Id, row.Item.Deadline, cancellationToken);
            }
            catch (RemoteCallException)
            {
                failed.Add(row);
            }
        }

        return failed;
    }
}
