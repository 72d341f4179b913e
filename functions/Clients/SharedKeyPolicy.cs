using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Watchdesk.Clients;

/// <summary>Signs each try of a call with the account's key: Shared Key Lite for tables, Shared Key for queues and blobs.</summary>
sealed class SharedKeyPolicy(string account, byte[] key, bool isTable, TimeProvider clock) : HttpPipelineSynchronousPolicy
{
    static readonly string[] Signed =
    [
        "Content-Encoding", "Content-Language", "Content-Length", "Content-MD5", "Content-Type", "Date",
        "If-Modified-Since", "If-Match", "If-None-Match", "If-Unmodified-Since", "Range",
    ];

    public override void OnSendingRequest(HttpMessage message)
    {
        var request = message.Request;
        var date = clock.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        request.Headers.SetValue("x-ms-date", date);
        var text = isTable ? TableText(date, request.Uri.ToUri()) : Text(request);
        request.Headers.SetValue("Authorization", $"{(isTable ? "SharedKeyLite" : "SharedKey")} {account}:{Signature(key, text)}");
    }

    internal static string Signature(byte[] key, string text)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text), hash);
        return Convert.ToBase64String(hash);
    }

    /// <summary>We send no comp parameter to tables, the only one that would be signed.</summary>
    string TableText(string date, Uri uri) => $"{date}\n/{account}{uri.AbsolutePath}";

    internal string Text(Request request)
    {
        var text = new StringBuilder(512).Append(request.Method.Method).Append('\n');
        foreach (var name in Signed)
        {
            text.Append(name == "Content-Length" ? Length(request) : request.Headers.TryGetValue(name, out var value) ? value : "").Append('\n');
        }

        foreach (var header in request.Headers.Where(header => header.Name.StartsWith("x-ms-", StringComparison.OrdinalIgnoreCase))
                     .OrderBy(header => header.Name.ToLowerInvariant(), StringComparer.Ordinal))
        {
            text.Append(header.Name.ToLowerInvariant()).Append(':').Append(header.Value).Append('\n');
        }

        var uri = request.Uri.ToUri();
        text.Append('/').Append(account).Append(uri.AbsolutePath);
        foreach (var (name, value) in Query(uri.Query))
        {
            text.Append('\n').Append(name).Append(':').Append(value);
        }

        return text.ToString();
    }

    static string Length(Request request) =>
        request.Content is not null && request.Content.TryComputeLength(out var length) && length > 0 ? length.ToString(CultureInfo.InvariantCulture) : "";

    /// <summary>We never repeat a parameter.</summary>
    static IEnumerable<(string Name, string Value)> Query(string query) => query.TrimStart('?')
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(part => part.Split('=', 2))
        .Select(pair => (Uri.UnescapeDataString(pair[0]).ToLowerInvariant(), pair.Length > 1 ? Uri.UnescapeDataString(pair[1]) : ""))
        .OrderBy(pair => pair.Item1, StringComparer.Ordinal);
}
