namespace Watchdesk.Hosting.Embedded;

/// <summary>The three services of the storage emulator, each a process of its own.</summary>
public enum AzuriteService
{
    Table,
    Queue,
    Blob,
}
