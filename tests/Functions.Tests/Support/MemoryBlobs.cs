using System.Globalization;
using System.Security;
using System.Web;
using Azure.Core.Pipeline;
using Watchdesk.Clients;

namespace Watchdesk.Tests.Support;

/// <summary>Blob Storage in memory, as the other side of the real client; held to the same contract tests as Azurite.</summary>
public sealed class MemoryBlobs : HttpMessageHandler
{
    readonly SortedDictionary<string, Blob> blobs = new(StringComparer.Ordinal);
    readonly HashSet<string> containers = new(StringComparer.Ordinal);
    readonly Lock gate = new();
    int version;

    /// <summary>Called before each request with its verb and path; throw an HttpRequestException for an outage.</summary>
    public Action<string, string>? Before { get; set; }

    /// <summary>Blocks that an append blob takes, 50,000 in Azure.</summary>
    public int MaxBlocks { get; set; } = 50_000;

    /// <summary>Names with their container, as <c>container/name</c>.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            lock (gate)
            {
                return [.. blobs.Keys];
            }
        }
    }

    public BlobClient Client() => new(new StorageServices(
        () => StorageAccount.Emulator(10002, 10001, 10000), TimeProvider.System, testTransport: new HttpClientTransport(new HttpClient(this, disposeHandler: false)))
    {
        RetryDelay = TimeSpan.FromTicks(1),
    }.Blobs());

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var path = Uri.UnescapeDataString(request.RequestUri!.AbsolutePath["/devstoreaccount1/".Length..]);
        Before?.Invoke(request.Method.Method, path);
        var query = HttpUtility.ParseQueryString(request.RequestUri.Query);
        lock (gate)
        {
            var response = query["restype"] == "container" ? Container(request, path, query["prefix"] ?? "") : OneBlob(request, path, query["comp"], body);
            response.RequestMessage = request;
            return response;
        }
    }

    HttpResponseMessage Container(HttpRequestMessage request, string container, string prefix)
    {
        if (request.Method == HttpMethod.Put)
        {
            return containers.Add(container) ? FakeHttp.Response(201) : Refuse(409, "ContainerAlreadyExists");
        }

        var names = blobs.Keys.Where(key => key.StartsWith($"{container}/{prefix}", StringComparison.Ordinal)).Select(key => key[(container.Length + 1)..]);
        var items = string.Concat(names.Select(name => $"<Blob><Name>{SecurityElement.Escape(name)}</Name></Blob>"));
        return containers.Contains(container)
            ? FakeHttp.Response(200, $"<EnumerationResults><Blobs>{items}</Blobs><NextMarker/></EnumerationResults>", "application/xml")
            : Refuse(404, "ContainerNotFound");
    }

    HttpResponseMessage OneBlob(HttpRequestMessage request, string path, string? comp, byte[] body)
    {
        if (!containers.Contains(path[..path.IndexOf('/', StringComparison.Ordinal)]))
        {
            return Refuse(404, "ContainerNotFound");
        }

        blobs.TryGetValue(path, out var blob);
        if (request.Method == HttpMethod.Put && comp is null)
        {
            return Put(request, path, blob, body);
        }

        if (blob is null)
        {
            return Refuse(404, "BlobNotFound");
        }

        return comp == "lease" ? Lease(request, blob)
            : comp == "appendblock" ? Append(blob, body)
            : request.Method == HttpMethod.Delete ? Delete(request, path, blob)
            : Get(request, blob);
    }

    HttpResponseMessage Put(HttpRequestMessage request, string path, Blob? blob, byte[] body)
    {
        if (blob is not null && Header(request, "If-None-Match") is not null)
        {
            return Refuse(409, "BlobAlreadyExists");
        }

        if (Header(request, "If-Match") is { } etag && etag != blob?.ETag)
        {
            return Refuse(412, "ConditionNotMet");
        }

        var stored = new Blob { ETag = NextETag() };
        stored.Bytes.AddRange(body);
        blobs[path] = stored;
        return FakeHttp.Response(201, headers: [$"ETag: {stored.ETag}"]);
    }

    HttpResponseMessage Append(Blob blob, byte[] body)
    {
        if (blob.Blocks == MaxBlocks)
        {
            return Refuse(409, "BlockCountExceedsLimit");
        }

        blob.Bytes.AddRange(body);
        blob.Blocks++;
        blob.ETag = NextETag();
        return FakeHttp.Response(201, headers: [$"x-ms-blob-committed-block-count: {blob.Blocks}"]);
    }

    HttpResponseMessage Delete(HttpRequestMessage request, string path, Blob blob)
    {
        if (Header(request, "If-Match") is { } etag && etag != blob.ETag)
        {
            return Refuse(412, "ConditionNotMet");
        }

        blobs.Remove(path);
        return FakeHttp.Response(202);
    }

    static HttpResponseMessage Get(HttpRequestMessage request, Blob blob)
    {
        var (from, to) = (0, blob.Bytes.Count - 1);
        if (Header(request, "x-ms-range") is { } range)
        {
            var ends = range["bytes=".Length..].Split('-').Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToList();
            if (ends[0] >= blob.Bytes.Count)
            {
                return Refuse(416, "InvalidRange");
            }

            (from, to) = ((int)ends[0], (int)Math.Min(ends[1], to));
        }

        var response = FakeHttp.Response(200, headers: [$"ETag: {blob.ETag}"]);
        response.Content = new ByteArrayContent(blob.Bytes.GetRange(from, to - from + 1).ToArray());
        return response;
    }

    /// <summary>A lease here lasts until it is released.</summary>
    static HttpResponseMessage Lease(HttpRequestMessage request, Blob blob)
    {
        var action = Header(request, "x-ms-lease-action");
        var id = Header(request, action == "acquire" ? "x-ms-proposed-lease-id" : "x-ms-lease-id");
        if (action == "acquire" ? blob.Lease is not null && blob.Lease != id : blob.Lease != id)
        {
            return Refuse(409, "LeaseIdMismatchWithLeaseOperation");
        }

        blob.Lease = action == "release" ? null : id;
        return FakeHttp.Response(action == "acquire" ? 201 : 200);
    }

    string NextETag() => $"\"{++version:x}\"";

    static string? Header(HttpRequestMessage request, string name) => request.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    static HttpResponseMessage Refuse(int status, string code) => FakeHttp.Response(status, headers: [$"x-ms-error-code: {code}"]);

    sealed class Blob
    {
        public List<byte> Bytes { get; } = [];

        public int Blocks { get; set; }

        public string ETag { get; set; } = "";

        public string? Lease { get; set; }
    }
}
