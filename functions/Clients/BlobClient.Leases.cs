using System.Globalization;
using Azure.Core;

namespace Watchdesk.Clients;

public sealed partial class BlobClient
{
    /// <summary>
    /// Takes the lock that the blob stands for, or prolongs our own; the blob is made when missing. False when another
    /// holds it. Whoever holds it renews at a third of the duration and stops work when a renewal fails.
    /// </summary>
    /// <param name="leaseId">Ours, chosen once per process.</param>
    /// <param name="duration">15 to 60 s.</param>
    public async Task<bool> AcquireLeaseAsync(string container, string name, Guid leaseId, TimeSpan duration, CancellationToken cancellationToken)
    {
        if (duration < TimeSpan.FromSeconds(15) || duration > TimeSpan.FromSeconds(60))
        {
            throw new ArgumentOutOfRangeException(nameof(duration), duration, "A lease lasts 15 to 60 s.");
        }

        var isDone = await LeaseAsync("acquire", "x-ms-proposed-lease-id", duration);
        if (isDone is null)
        {
            await CreateAsync(container, name, default, "application/octet-stream", cancellationToken);
            isDone = await LeaseAsync("acquire", "x-ms-proposed-lease-id", duration);
        }

        return isDone == true;

        Task<bool?> LeaseAsync(string action, string header, TimeSpan duration) =>
            this.LeaseAsync(container, name, action, header, leaseId, duration, cancellationToken);
    }

    /// <summary>False when the lease is another's, or gone: stop work.</summary>
    public async Task<bool> RenewLeaseAsync(string container, string name, Guid leaseId, CancellationToken cancellationToken) =>
        await LeaseAsync(container, name, "renew", "x-ms-lease-id", leaseId, null, cancellationToken) == true;

    /// <summary>False when it was not ours any more.</summary>
    public async Task<bool> ReleaseLeaseAsync(string container, string name, Guid leaseId, CancellationToken cancellationToken) =>
        await LeaseAsync(container, name, "release", "x-ms-lease-id", leaseId, null, cancellationToken) == true;

    /// <summary>Null when the blob is missing.</summary>
    async Task<bool?> LeaseAsync(string container, string name, string action, string idHeader, Guid leaseId, TimeSpan? duration, CancellationToken cancellationToken)
    {
        var call = $"PUT /{{container}}/{{blob}}?comp=lease ({action})";
        using var message = Create(RequestMethod.Put, Path(container, name) + "?comp=lease");
        message.Request.Headers.Add("x-ms-lease-action", action);
        message.Request.Headers.Add(idHeader, leaseId.ToString());
        if (duration is { } time)
        {
            message.Request.Headers.Add("x-ms-lease-duration", ((int)time.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        }

        var response = await service.SendAsync(message, call, cancellationToken);
        return response.Status switch
        {
            200 or 201 => true,
            409 => false,
            404 when IsMissing(response) => null,
            _ => throw service.Error(call, response),
        };
    }
}
