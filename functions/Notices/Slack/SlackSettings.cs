namespace Watchdesk.Notices.Slack;

/// <param name="Url">Address of an incoming webhook. It is a secret, so write-only.</param>
/// <param name="AllowHost">Another host than hooks.slack.com that <paramref name="Url"/> may name, for what speaks Slack's language.</param>
public sealed record SlackSettings(string? Url = null, string? AllowHost = null);
