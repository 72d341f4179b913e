namespace Watchdesk.Notices.Teams;

/// <param name="Url">Address of the workflow "Post to a channel when a webhook request is received". It is a secret, so write-only.</param>
public sealed record TeamsSettings(string? Url = null);
