using System.Text;

namespace Watchdesk.Clients;

/// <summary>Addresses of rows and queries, escaped.</summary>
static class TableUrls
{
    public static string Row(string table, TableRow row) => Row(table, row.PartitionKey, row.RowKey, null);

    public static string Row(string table, string partitionKey, string rowKey, IReadOnlyList<string>? select)
    {
        var path = $"/{table}(PartitionKey='{Key(partitionKey)}',RowKey='{Key(rowKey)}')";
        return select is null ? path : $"{path}?$select={Select(select)}";
    }

    public static string Query(TableQuery query)
    {
        var filter = new StringBuilder("PartitionKey%20eq%20'").Append(Key(query.PartitionKey)).Append('\'');
        if (query.From is not null)
        {
            filter.Append("%20and%20RowKey%20ge%20'").Append(Key(query.From)).Append('\'');
        }

        if (query.Before is not null)
        {
            filter.Append("%20and%20RowKey%20lt%20'").Append(Key(query.Before)).Append('\'');
        }

        var path = new StringBuilder($"/{query.Table}()?$filter={filter}&$top={query.Limit}");
        if (query.Select is not null)
        {
            path.Append("&$select=").Append(Select(query.Select));
        }

        return path.Append(From(query.Continuation)).ToString();
    }

    /// <summary>Both header values in one text; the second may be missing.</summary>
    public static string? Continuation(string? nextPartitionKey, string? nextRowKey) =>
        nextPartitionKey is null ? null : nextRowKey is null ? nextPartitionKey : $"{nextPartitionKey} {nextRowKey}";

    static string From(string? continuation)
    {
        if (continuation is null)
        {
            return "";
        }

        var parts = continuation.Split(' ', 2);
        var partition = $"&NextPartitionKey={Uri.EscapeDataString(parts[0])}";
        return parts.Length == 1 ? partition : $"{partition}&NextRowKey={Uri.EscapeDataString(parts[1])}";
    }

    /// <summary>Row keys only come back when they are asked for; the partition key is known.</summary>
    static string Select(IReadOnlyList<string> names) => names.Count == 0 ? "RowKey" : $"RowKey,{string.Join(',', names)}";

    static string Key(string key) => Uri.EscapeDataString(key.Contains('\'', StringComparison.Ordinal) ? key.Replace("'", "''", StringComparison.Ordinal) : key);
}
