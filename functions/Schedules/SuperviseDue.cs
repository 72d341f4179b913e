using Watchdesk.Clients;
using Watchdesk.Hosting.Durable;

namespace Watchdesk.Schedules;

/// <summary>Due kind <c>supervise</c>: asks <c>StartWork</c> whether an orchestration is still alive.</summary>
sealed class SuperviseDue(OrchestrationClient orchestrations) : IDueHandler
{
    public string Kind => Supervisor.DueKind;

    public async Task<IReadOnlyList<DueRow>> HandleAsync(IReadOnlyList<DueRow> rows, TickContext tick, CancellationToken cancellationToken)
    {
        var failed = new List<DueRow>();
        foreach (var row in rows)
        {
            try
            {
                await orchestrations.SuperviseAsync(row.Item.Id, cancellationToken);
            }
            catch (RemoteCallException)
            {
                failed.Add(row);
            }
        }

        return failed;
    }
}
