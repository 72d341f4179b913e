namespace Watchdesk.Hosting.Durable;

/// <summary>Writes a due row: the instance is looked at again, not before the time. The due index is a room above this one.</summary>
/// <param name="kind"><see cref="Supervisor.DueKind"/>, or that of the embedded engine's timers.</param>
/// <param name="id">An instance id, and after ~ whatever the kind needs.</param>
public delegate Task WakeLater(string kind, string tenant, string id, DateTimeOffset at, CancellationToken cancellationToken);
