using System.Text;
using Watchdesk.Clients;

namespace Watchdesk.Hosting.Durable;

/// <summary>What an instance was started with, in the table <c>durable</c>: instance | start. From it a lost instance is started anew.</summary>
public sealed class StartedRuns(ITables tables)
{
    /// <summary>The embedded engine keeps its own rows in the same partition.</summary>
    public const string RowKey = "start";

    public Task SaveAsync(string id, string name, string input, DateTimeOffset now, CancellationToken cancellationToken) => tables.WriteAsync(
        Tables.Durable,
        TableWrite.UpsertMerge(new TableRow(id, RowKey) { ["V"] = 1, ["Name"] = name, ["Input"] = Encoding.UTF8.GetBytes(input), ["At"] = now }),
        cancellationToken);

    /// <summary>Null when it was not started by <see cref="StartWork"/>.</summary>
    public async Task<(string Name, string Input)?> FindAsync(string id, CancellationToken cancellationToken) =>
        await tables.GetAsync(Tables.Durable, id, RowKey, cancellationToken: cancellationToken) is { } row && row.Text("Name") is { } name && row.Bytes("Input") is { } input
            ? (name, Encoding.UTF8.GetString(input))
            : null;

    public Task DeleteAsync(string id, CancellationToken cancellationToken) => tables.WriteAsync(Tables.Durable, TableWrite.Delete(id, RowKey), cancellationToken);
}
