using Watchdesk.Heartbeats;
using Watchdesk.Tenants;

namespace Watchdesk.Mail;

/// <summary>Which job of the caller's tenant a mail is a ping of.</summary>
public sealed class MailDirectory(JobDirectory jobs, PingKeys pingKeys)
{
    /// <summary>Null when no address is that of a job here; the mail is then no ping.</summary>
    public async Task<string?> FindAsync(string tenant, IReadOnlyList<string> addresses, CancellationToken cancellationToken)
    {
        foreach (var address in addresses.Select(JobAddress.Parse).OfType<JobAddress>())
        {
            if (address.Uuid is { } uuid)
            {
                if (await jobs.FindByUuidAsync(uuid, cancellationToken) is { } found && found.Tenant == tenant)
                {
                    return found.Job;
                }
            }
            else if (await pingKeys.FindTenantAsync(address.PingKey!, cancellationToken) == tenant && await jobs.FindBySlugAsync(tenant, address.Slug!, cancellationToken) is { } job)
            {
                return job;
            }
        }

        return null;
    }

    /// <summary>The job that a request names; it is made when there is none and the caller may. Null when there is none.</summary>
    public async Task<string?> FindAsync(Caller caller, string job, CancellationToken cancellationToken)
    {
        if (JobStore.IsId(job))
        {
            return job;
        }

        if (!JobRequest.IsSlug(job))
        {
            return null;
        }

        return caller.Scopes.HasFlag(Scopes.Create)
            ? (await jobs.FindOrCreateAsync(caller.Tenant, job, new JobRequest(), cancellationToken)).Job
            : await jobs.FindBySlugAsync(caller.Tenant, job, cancellationToken);
    }
}
