using System.Text;
using System.Text.Json;
using Watchdesk.Clients;

namespace Watchdesk.Operations;

/// <summary>
/// Rows of <c>operations</c>, PK tenant: newest first the operations, <c>r~sha256(request id)</c> what a caller's request id
/// became, <c>t~sha256(target)</c> who has a target. One partition, so that an operation ends and frees its target at once.
/// </summary>
public sealed class OperationStore(ITables tables, NoteExpiry noteExpiry) : IExpiring
{
    public static readonly TimeSpan Keep = TimeSpan.FromDays(365);

    /// <summary>After all operations.</summary>
    const string AfterAll = "a";

    public string Kind => "operation";

    /// <summary>The operation, and false when there was one of this request id already.</summary>
    public async Task<(Operation Operation, bool IsNew)> AddAsync(Operation operation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operation);
        await noteExpiry(operation.Tenant, $"{Kind}~{operation.Id}", operation.StartedAt + Keep, cancellationToken);
        TableWrite[] writes = operation.RequestId is { } request
            ? [TableWrite.Insert(ToRow(operation)), TableWrite.Insert(new TableRow(operation.Tenant, RequestKey(request)) { ["V"] = 1, ["Operation"] = operation.Id })]
            : [TableWrite.Insert(ToRow(operation))];
        var result = await tables.WriteAsync(Tables.Operations, writes, cancellationToken);
        return result.IsDone
            ? (operation with { ETag = result.ETags[0]! }, true)
            : (await FindAsync(operation.Tenant, operation.RequestId ?? operation.Id, cancellationToken) ?? throw new RemoteCallException("operations", "insert", 503, "Busy", isTransient: true), false);
    }

    public async Task<Operation?> GetAsync(string tenant, string id, CancellationToken cancellationToken) =>
        IsId(id) && await tables.GetAsync(Tables.Operations, tenant, RowKey(id), cancellationToken: cancellationToken) is { } row ? Read(row) : null;

    /// <summary>By its own id or by the request id that a caller gave.</summary>
    public async Task<Operation?> FindAsync(string tenant, string request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var known = await tables.GetAsync(Tables.Operations, tenant, RequestKey(request), cancellationToken: cancellationToken);
        return await GetAsync(tenant, known?.Text("Operation") ?? request, cancellationToken);
    }

    /// <summary>Newest first, without their outputs.</summary>
    public async Task<(IReadOnlyList<Operation> Items, string? Next)> ListAsync(string tenant, int limit, string? next, CancellationToken cancellationToken)
    {
        var page = await tables.QueryAsync(new TableQuery(Tables.Operations, tenant, Before: AfterAll, Select: ["PartitionKey", "RowKey", "D00", "D01"], Limit: limit, Continuation: next), cancellationToken);
        return ([.. page.Rows.Select(Read)], page.Continuation);
    }

    /// <summary>Reads, changes and writes; again when somebody else was faster.</summary>
    /// <param name="change">Null to leave it as it is.</param>
    /// <returns>As it is now; null when there is none.</returns>
    public Task<Operation?> ChangeAsync(string tenant, string id, Func<Operation, Operation?> change, CancellationToken cancellationToken) =>
        ChangeAsync(tenant, id, change, _ => Task.FromResult<TableWrite?>(null), cancellationToken);

    /// <summary>The same for what ends it: its target is free in the same instant.</summary>
    public Task<Operation?> EndAsync(string tenant, string id, Func<Operation, Operation?> change, CancellationToken cancellationToken) =>
        ChangeAsync(tenant, id, change, ended => ReleaseAsync(ended, cancellationToken), cancellationToken);

    /// <summary>Null when the target is this operation's now; else the operation that has it. One that has ended or is gone has it no more.</summary>
    public Task<Operation?> TakeTargetAsync(Operation operation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operation);
        var row = new TableRow(operation.Tenant, TargetKey(operation.Target)) { ["V"] = 1, ["Operation"] = operation.Id, ["Target"] = operation.Target };
        return tables.TakeAsync(
            Tables.Operations,
            row,
            async held => held.Text("Operation") is { } id && id != operation.Id && await GetAsync(operation.Tenant, id, cancellationToken) is { IsOver: false } holder ? holder : null,
            cancellationToken);
    }

    async Task IExpiring.ForgetAsync(string tenant, string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await GetAsync(tenant, id, cancellationToken) is { } operation && operation.StartedAt + Keep <= now)
        {
            await tables.WriteAsync(Tables.Operations, TableWrite.Delete(tenant, RowKey(id)), cancellationToken);
            if (operation.RequestId is { } request)
            {
                await tables.WriteAsync(Tables.Operations, TableWrite.Delete(tenant, RequestKey(request)), cancellationToken);
            }
        }
    }

    async Task<Operation?> ChangeAsync(string tenant, string id, Func<Operation, Operation?> change, Func<Operation, Task<TableWrite?>> and, CancellationToken cancellationToken)
    {
        while (await GetAsync(tenant, id, cancellationToken) is { } operation)
        {
            if (change(operation) is not { } changed)
            {
                return operation;
            }

            var write = TableWrite.Replace(ToRow(changed), operation.ETag);
            var result = await tables.WriteAsync(Tables.Operations, await and(changed) is { } more ? [write, more] : [write], cancellationToken);
            if (result.IsDone)
            {
                return changed with { ETag = result.ETags[0]! };
            }
        }

        return null;
    }

    async Task<TableWrite?> ReleaseAsync(Operation ended, CancellationToken cancellationToken)
    {
        var held = ended.Target.Length == 0 ? null : await tables.GetAsync(Tables.Operations, ended.Tenant, TargetKey(ended.Target), cancellationToken: cancellationToken);
        return held?.Text("Operation") == ended.Id ? TableWrite.Delete(ended.Tenant, held.RowKey, held.ETag!) : null;
    }

    /// <summary>Its first digit is part of a time: what begins otherwise lies after the year 2500.</summary>
    static bool IsId(string id) => id is ['0', ..] and { Length: 32 } && id.All(char.IsAsciiHexDigitLower);

    static string RowKey(string id) => Keys.NewestFirst(Keys.TimeOf(id), id);

    static string RequestKey(string request) => "r~" + Keys.Hash(request);

    static string TargetKey(string target) => "t~" + Keys.Hash(target);

    static TableRow ToRow(Operation operation)
    {
        var row = new TableRow(operation.Tenant, RowKey(operation.Id)) { ["V"] = 1 };
        Pieces.Set(row, 'D', JsonSerializer.SerializeToUtf8Bytes(operation, OperationsData.Compact.Operation));
        Pieces.Set(row, 'O', Encoding.UTF8.GetBytes(operation.Output));
        return row;
    }

    static Operation Read(TableRow row) => JsonSerializer.Deserialize(Pieces.Get(row, 'D'), OperationsData.Compact.Operation)! with
    {
        Output = Encoding.UTF8.GetString(Pieces.Get(row, 'O')),
        ETag = row.ETag ?? "",
    };
}
