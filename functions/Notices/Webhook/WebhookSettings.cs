namespace Watchdesk.Notices.Webhook;

/// <param name="Url">https address; http only for this machine in the embedded host.</param>
/// <param name="Secret">Key of the signature, 16 to 256 characters; without one messages are not signed. Write-only.</param>
public sealed record WebhookSettings(string? Url = null, string? Secret = null);
