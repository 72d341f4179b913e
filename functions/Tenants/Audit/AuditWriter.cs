namespace Watchdesk.Tenants.Audit;

/// <summary>Writes the trail a second after something came, and once more when the desk ends.</summary>
public sealed class AuditWriter(AuditTrail trail, TimeProvider clock) : BackgroundService
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await trail.SomeAsync(stoppingToken);
                await Task.Delay(Pause, clock, stoppingToken);
                await trail.FlushAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await trail.FlushAsync(CancellationToken.None);
        }
    }
}
