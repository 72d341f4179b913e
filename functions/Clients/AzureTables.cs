using System.Text.Json;
using Azure;
using Azure.Core;

namespace Watchdesk.Clients;

/// <summary>
/// Table Storage over REST. A call whose answer was lost is tried again, so Exists, Changed and Missing can be our own
/// success: callers read the row and compare, or use upserts.
/// </summary>
public sealed class AzureTables : ITables
{
    const string Accept = "application/json;odata=minimalmetadata";
    static readonly RequestMethod MergeMethod = new("MERGE");

    readonly RestService service;

    internal AzureTables(RestService service) => this.service = service;

    public async Task CreateTableAsync(string table, CancellationToken cancellationToken)
    {
        TableRules.CheckTable(table);
        using var message = Create(RequestMethod.Post, "/Tables");
        message.Request.Headers.Add("Prefer", "return-no-content");
        message.Request.Headers.Add("Content-Type", "application/json");
        message.Request.Content = RequestContent.Create(BinaryData.FromString($$"""{"TableName":"{{table}}"}"""));
        var response = await service.SendAsync(message, "POST /Tables", cancellationToken);
        if (response.Status is not (201 or 204) && !(response.Status == 409 && RemoteErrors.Code(response) == "TableAlreadyExists"))
        {
            throw service.Error("POST /Tables", response);
        }
    }

    public async Task<TableRow?> GetAsync(string table, string partitionKey, string rowKey, IReadOnlyList<string>? select = null, CancellationToken cancellationToken = default)
    {
        TableRules.CheckTable(table);
        TableRules.CheckKeys(partitionKey, rowKey);
        using var message = Create(RequestMethod.Get, TableUrls.Row(table, partitionKey, rowKey, select));
        var response = await service.SendAsync(message, Call("GET", table), cancellationToken);
        return response.Status switch
        {
            200 => service.Read(Call("GET", table), response, body => TableJsonReader.ReadRow(body.ToMemory().Span, partitionKey, rowKey, ETag(response))),
            404 when RemoteErrors.Code(response) is "ResourceNotFound" or "EntityNotFound" or "TableNotFound" => null,
            _ => throw service.Error(Call("GET", table), response),
        };
    }

    public async Task<TablePage> QueryAsync(TableQuery query, CancellationToken cancellationToken)
    {
        TableRules.CheckQuery(query);
        using var message = Create(RequestMethod.Get, TableUrls.Query(query));
        var response = await service.SendAsync(message, $"GET /{query.Table}()", cancellationToken);
        if (IsMissingTable(response.Status, RemoteErrors.Code(response)))
        {
            return new TablePage([], null);
        }

        if (response.Status != 200)
        {
            throw service.Error($"GET /{query.Table}()", response);
        }

        return new TablePage(
            service.Read($"GET /{query.Table}()", response, body => TableJsonReader.ReadRows(body.ToMemory().Span, query.PartitionKey)),
            TableUrls.Continuation(Header(response, "x-ms-continuation-NextPartitionKey"), Header(response, "x-ms-continuation-NextRowKey")));
    }

    public async Task<TableResult> WriteAsync(string table, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        TableRules.CheckWrites(table, writes);
        var result = await TryWriteAsync(table, writes, cancellationToken);
        if (result is null)
        {
            await CreateTableAsync(table, cancellationToken);
            result = await TryWriteAsync(table, writes, cancellationToken);
        }

        return result ?? throw new RemoteCallException(service.Name, Call("POST", table), 404, "TableNotFound", isTransient: true);
    }

    /// <summary>Null when the table does not exist.</summary>
    async Task<TableResult?> TryWriteAsync(string table, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        var body = new PooledBuffer(writes.Count * 1024);
        var result = writes.Count == 1
            ? await SendOneAsync(table, writes[0], body, cancellationToken)
            : await SendBatchAsync(table, writes, body, cancellationToken);
        body.Return();
        return result;
    }

    async Task<TableResult?> SendOneAsync(string table, TableWrite write, PooledBuffer body, CancellationToken cancellationToken)
    {
        var isInsert = write.Verb == TableVerb.Insert;
        using var message = Create(Method(write.Verb), isInsert ? "/" + table : TableUrls.Row(table, write.Row));
        if (isInsert)
        {
            message.Request.Headers.Add("Prefer", "return-no-content");
        }

        if (write.ETag is not null)
        {
            message.Request.Headers.Add("If-Match", write.ETag);
        }

        if (write.Verb != TableVerb.Delete)
        {
            using (var json = new Utf8JsonWriter(body, TableJson.WriterOptions))
            {
                TableJson.Write(json, write.Row);
            }

            message.Request.Headers.Add("Content-Type", "application/json");
            message.Request.Content = RequestContent.Create(body.Written);
        }

        var call = Call(message.Request.Method.Method, table);
        var response = await service.SendAsync(message, call, cancellationToken);
        if (response.Status is 201 or 204)
        {
            return new TableResult(TableOutcome.Done, -1, [write.Verb == TableVerb.Delete ? null : ETag(response)]);
        }

        var code = RemoteErrors.Code(response);
        return Outcome(response.Status, code) is { } outcome ? new TableResult(outcome, 0, [])
            : IsMissingTable(response.Status, code) ? null
            : throw service.Error(call, response);
    }

    async Task<TableResult?> SendBatchAsync(string table, IReadOnlyList<TableWrite> writes, PooledBuffer body, CancellationToken cancellationToken)
    {
        const string Call = "POST /$batch";
        var boundary = Guid.NewGuid().ToString("N");
        TableBatch.Write(body, service.Endpoint, table, writes, boundary);
        if (body.Written.Length > TableRules.MaxPayloadBytes)
        {
            throw TableRules.TooMuchPayload(body.Written.Length);
        }

        using var message = Create(RequestMethod.Post, "/$batch");
        message.Request.Headers.Add("Content-Type", "multipart/mixed; boundary=batch_" + boundary);
        message.Request.Content = RequestContent.Create(body.Written);
        var response = await service.SendAsync(message, Call, cancellationToken);
        if (response.Status != 202)
        {
            return IsMissingTable(response.Status, RemoteErrors.Code(response)) ? null : throw service.Error(Call, response);
        }

        var answer = service.Read(Call, response, body => TableBatch.Read(body.ToMemory().Span, writes.Count));
        return answer.Status < 400 ? new TableResult(TableOutcome.Done, -1, answer.ETags)
            : Outcome(answer.Status, answer.Code) is { } outcome ? new TableResult(outcome, answer.FailedIndex, [])
            : IsMissingTable(answer.Status, answer.Code) ? null
            : throw new RemoteCallException(service.Name, $"{Call} of {table}", answer.Status, answer.Code, RemoteErrors.IsTransient(answer.Status, answer.Code));
    }

    /// <summary>Null when the answer is no refused condition but a failure.</summary>
    static TableOutcome? Outcome(int status, string? code) => (status, code) switch
    {
        (409, "EntityAlreadyExists") => TableOutcome.Exists,
        (412, _) => TableOutcome.Changed,
        (404, "ResourceNotFound" or "EntityNotFound") => TableOutcome.Missing,
        _ => null,
    };

    static bool IsMissingTable(int status, string? code) => status == 404 && code == "TableNotFound";

    HttpMessage Create(RequestMethod method, string path)
    {
        var message = service.Create(method, path);
        var headers = message.Request.Headers;
        headers.Add("Accept", Accept);
        headers.Add("DataServiceVersion", "3.0");
        headers.Add("MaxDataServiceVersion", "3.0;NetFx");
        headers.Add("x-ms-version", StorageServices.Version);
        return message;
    }

    static RequestMethod Method(TableVerb verb) => verb switch
    {
        TableVerb.Insert => RequestMethod.Post,
        TableVerb.Upsert or TableVerb.Replace => RequestMethod.Put,
        TableVerb.UpsertMerge or TableVerb.Merge => MergeMethod,
        _ => RequestMethod.Delete,
    };

    static string Call(string method, string table) => $"{method} /{table}(PartitionKey,RowKey)";

    static string? ETag(Response response) => Header(response, "ETag");

    static string? Header(Response response, string name) => response.Headers.TryGetValue(name, out var value) ? value : null;
}
