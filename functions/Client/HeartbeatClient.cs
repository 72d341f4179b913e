namespace Watchdesk.Client;

/// <summary>Sends heartbeats to Watchdesk.</summary>
public sealed class HeartbeatClient
{
}
