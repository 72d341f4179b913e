namespace Watchdesk.Clients;

/// <summary>Rows that are kept for a time. When it is over the due index has them forgotten.</summary>
public interface IExpiring
{
    /// <summary>What stands before the first ~ of an id given to <see cref="NoteExpiry"/>; empty when there is none.</summary>
    string Kind { get; }

    /// <summary>Does nothing when the row is gone, or must stay for longer.</summary>
    /// <param name="id">Without the kind.</param>
    Task ForgetAsync(string tenant, string id, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>Notes when a row is to be forgotten: before it is written, so that none stays for ever.</summary>
/// <param name="id">Its kind, ~ and its key.</param>
public delegate Task NoteExpiry(string tenant, string id, DateTimeOffset at, CancellationToken cancellationToken);
