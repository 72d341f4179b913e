namespace Watchdesk.Operations.Runners;

/// <summary>Who has cancelled the operation; null while nobody has. A program that runs for it is ended then.</summary>
public delegate Task<string?> CancelledBy(string tenant, string operation, CancellationToken cancellationToken);
