namespace Watchdesk.Hosting.Embedded;

/// <summary>Keys for the demo, made and revoked by the room that owns keys.</summary>
/// <param name="MakeAsync">True: for everything; false: to send heartbeats and make jobs.</param>
/// <param name="RevokeAllAsync">Those that were made here.</param>
public sealed record DemoKeys(Func<bool, CancellationToken, Task<string>> MakeAsync, Func<CancellationToken, Task> RevokeAllAsync);
