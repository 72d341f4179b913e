using Watchdesk.Hosting.Durable;

namespace Watchdesk.Operations;

/// <param name="Failure">Null when it was done.</param>
public sealed record EndInput(string Tenant, string Id, string? Failure);

/// <summary>Ends it and frees its target in one transaction, then tells the asker and the audit; may be repeated at any point.</summary>
sealed class EndOperation(OperationStore store, OperationTeller teller, TimeProvider clock)
{
    public static readonly Activity<EndInput, OperationStatus> Function = new(nameof(EndOperation), OperationsData.Default.EndInput, OperationsData.Default.OperationStatus);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapActivity(Function, (_, input, cancellationToken) =>
        routes.ServiceProvider.GetRequiredService<EndOperation>().EndAsync(input, cancellationToken));

    public async Task<OperationStatus> EndAsync(EndInput input, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var status = input.Failure is null ? OperationStatus.Success : OperationStatus.Failure;
        var ended = await store.EndAsync(input.Tenant, input.Id, operation => operation.IsOver ? null : operation.End(status, input.Failure, now), cancellationToken);
        if (ended is null)
        {
            return status;
        }

        await teller.EndedAsync(ended, cancellationToken);
        return ended.Status;
    }
}
