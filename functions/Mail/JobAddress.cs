using Watchdesk.Heartbeats;
using Watchdesk.Tenants;

namespace Watchdesk.Mail;

/// <summary>
/// The mail addresses of a job, at whatever domain: <c>{uuid}@…</c> with the uuid of its ping address, and
/// <c>{ping-key}+{slug}@…</c>. A ping key has capital letters: use the first form behind a mail server that changes case.
/// </summary>
public sealed record JobAddress(string? Uuid, string? PingKey, string? Slug)
{
    /// <summary>Null when the mail address is not that of a job.</summary>
    public static JobAddress? Parse(string address)
    {
        var local = address.Split('@')[0];
        if (Guid.TryParseExact(local, "D", out var uuid))
        {
            return new JobAddress(uuid.ToString(), null, null);
        }

        var parts = local.Split('+', 2);
        return parts.Length == 2 && PingKeys.IsPingKey(parts[0]) && JobRequest.IsSlug(parts[1].ToLowerInvariant()) ? new JobAddress(null, parts[0], parts[1].ToLowerInvariant()) : null;
    }
}
