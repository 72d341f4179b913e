namespace Watchdesk.Clients;

/// <summary>
/// Table Storage as Watchdesk uses it: point reads, key ranges of one partition, conditional writes and entity group
/// transactions. Two implementations are held to one set of tests: the REST client and the counting double of the tests.
/// </summary>
public interface ITables
{
    /// <summary>Creates the table when it is missing. Seldom needed: a first write makes its table, and a table that is missing reads as empty.</summary>
    Task CreateTableAsync(string table, CancellationToken cancellationToken);

    /// <summary>Null when the row does not exist.</summary>
    Task<TableRow?> GetAsync(string table, string partitionKey, string rowKey, IReadOnlyList<string>? select = null, CancellationToken cancellationToken = default);

    /// <summary>One page; at most 1,000 rows, possibly empty with a continuation.</summary>
    Task<TablePage> QueryAsync(TableQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Applies up to 100 writes of one partition as one transaction (one write goes as a plain request). A refused
    /// condition is a result, not an exception; then nothing was written.
    /// </summary>
    Task<TableResult> WriteAsync(string table, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken);
}

/// <summary>Rows of one partition whose key is at or after <c>From</c> and before <c>Before</c>, in key order.</summary>
/// <param name="Limit">Rows in a page, 1 to 1,000.</param>
/// <param name="Continuation">As the previous page gave it.</param>
public sealed record TableQuery(
    string Table,
    string PartitionKey,
    string? From = null,
    string? Before = null,
    IReadOnlyList<string>? Select = null,
    int Limit = 1000,
    string? Continuation = null)
{
    /// <summary>All rows whose key begins with <paramref name="prefix"/>.</summary>
    public static TableQuery Prefix(string table, string partitionKey, string prefix, int limit = 1000) => prefix.Length == 0
        ? new(table, partitionKey, Limit: limit)
        : new(table, partitionKey, prefix, prefix[..^1] + After(prefix[^1]), Limit: limit);

    /// <summary>No key has a character between ~ and U+00A0.</summary>
    static char After(char last) => last == '~' ? '\u00A0' : (char)(last + 1);
}

public sealed record TablePage(IReadOnlyList<TableRow> Rows, string? Continuation);

public enum TableVerb
{
    /// <summary>Fails with <see cref="TableOutcome.Exists"/> when the row is there.</summary>
    Insert,

    /// <summary>Insert or replace.</summary>
    Upsert,

    /// <summary>Insert or merge.</summary>
    UpsertMerge,

    /// <summary>Replace when the ETag still holds.</summary>
    Replace,

    /// <summary>Merge when the ETag still holds.</summary>
    Merge,

    /// <summary>Delete when the ETag still holds.</summary>
    Delete,
}

/// <param name="ETag">For Replace, Merge and Delete; "*" is any version.</param>
public sealed record TableWrite(TableVerb Verb, TableRow Row, string? ETag = null)
{
    public static TableWrite Insert(TableRow row) => new(TableVerb.Insert, row);

    public static TableWrite Upsert(TableRow row) => new(TableVerb.Upsert, row);

    public static TableWrite UpsertMerge(TableRow row) => new(TableVerb.UpsertMerge, row);

    public static TableWrite Replace(TableRow row, string etag) => new(TableVerb.Replace, row, etag);

    public static TableWrite Merge(TableRow row, string etag) => new(TableVerb.Merge, row, etag);

    public static TableWrite Delete(string partitionKey, string rowKey, string etag = "*") => new(TableVerb.Delete, new TableRow(partitionKey, rowKey), etag);
}

public enum TableOutcome
{
    Done,

    /// <summary>409: an insert met an existing row.</summary>
    Exists,

    /// <summary>412: the row changed since it was read.</summary>
    Changed,

    /// <summary>404: the row is not there.</summary>
    Missing,
}

/// <param name="FailedIndex">Which write was refused; -1 when done.</param>
/// <param name="ETags">One per write when done; null for deletes.</param>
public sealed record TableResult(TableOutcome Outcome, int FailedIndex, IReadOnlyList<string?> ETags)
{
    public bool IsDone => Outcome == TableOutcome.Done;
}

public static class TablesExtensions
{
    public static Task<TableResult> WriteAsync(this ITables tables, string table, TableWrite write, CancellationToken cancellationToken) =>
        tables.WriteAsync(table, [write], cancellationToken);

    /// <summary>Makes a row that one at a time may have the caller's; null when it is, else who has it.</summary>
    /// <param name="holderOf">Null when the row that is there may be taken over, also since it is the caller's already.</param>
    public static async Task<T?> TakeAsync<T>(this ITables tables, string table, TableRow row, Func<TableRow, Task<T?>> holderOf, CancellationToken cancellationToken)
        where T : class
    {
        while (!(await tables.WriteAsync(table, TableWrite.Insert(row), cancellationToken)).IsDone)
        {
            if (await tables.GetAsync(table, row.PartitionKey, row.RowKey, cancellationToken: cancellationToken) is not { } held)
            {
                continue;
            }

            if (await holderOf(held) is { } holder)
            {
                return holder;
            }

            if ((await tables.WriteAsync(table, TableWrite.Replace(row, held.ETag!), cancellationToken)).IsDone)
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>All rows of a query, page after page.</summary>
    public static async IAsyncEnumerable<TableRow> QueryAllAsync(
        this ITables tables, TableQuery query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        do
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            foreach (var row in page.Rows)
            {
                yield return row;
            }

            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);
    }
}
