using System.Net;
using System.Net.Sockets;
using System.Text;
using Watchdesk.Hosting;

namespace Watchdesk.Notices;

/// <summary>
/// HTTP to addresses that users enter: https only, no redirects, 10 s; in Azure no private addresses, checked on the
/// address that is connected to and not only on the name.
/// </summary>
public sealed class OutgoingHttp(HttpMessageHandler handler, bool isEmbedded) : IDisposable
{
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);
    public const int MaxUrl = 2000;
    const int MaxAnswer = 4096;
    const int MaxBody = 256;

    readonly HttpClient client = new(handler) { Timeout = TimeLimit, MaxResponseContentBufferSize = MaxAnswer };

    public static OutgoingHttp Create(bool isEmbedded)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = TimeLimit,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, isEmbedded, cancellationToken),
        };
        return new OutgoingHttp(handler, isEmbedded);
    }

    /// <exception cref="InvalidRequestException">Nothing may be sent there; the text says why.</exception>
    public Uri Check(string? url)
    {
        if (url is not { Length: > 0 and <= MaxUrl } || !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            throw new InvalidRequestException($"The url must be an absolute address of at most {MaxUrl} characters.");
        }

        if (uri.UserInfo.Length > 0)
        {
            throw new InvalidRequestException("The url must not hold a user name or password.");
        }

        if (uri.Scheme != Uri.UriSchemeHttps && !(isEmbedded && uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        {
            throw new InvalidRequestException("The url must begin with https://.");
        }

        if (!isEmbedded && IPAddress.TryParse(uri.DnsSafeHost, out var address) && !OutgoingAddress.IsPublic(address))
        {
            throw new InvalidRequestException(OutgoingAddress.Refusal);
        }

        return uri;
    }

    /// <summary>Posts and reads at most a few kilobytes of the answer.</summary>
    public async Task<OutgoingAnswer> PostAsync(Uri uri, HttpContent content, IReadOnlyList<(string Name, string Value)> headers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(headers);
        using var request = new HttpRequestMessage(HttpMethod.Post, uri) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var retryAfter = response.Headers.RetryAfter;
            var body = response.IsSuccessStatusCode ? "" : await StartAsync(response.Content, cancellationToken);
            return new OutgoingAnswer((int)response.StatusCode, "", retryAfter?.Delta, retryAfter?.Date, body);
        }
        catch (HttpRequestException e)
        {
            return new OutgoingAnswer(null, Explain(e), null, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new OutgoingAnswer(null, $"No answer within {TimeLimit.TotalSeconds:0} s", null, null);
        }
    }

    public void Dispose() => client.Dispose();

    /// <summary>Empty when it does not come: the status is what counts.</summary>
    static async Task<string> StartAsync(HttpContent content, CancellationToken cancellationToken)
    {
        using var timeLimit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeLimit.CancelAfter(TimeLimit);
        try
        {
            await using var stream = await content.ReadAsStreamAsync(timeLimit.Token);
            var buffer = new byte[MaxBody];
            var length = await stream.ReadAtLeastAsync(buffer, MaxBody, throwOnEndOfStream: false, timeLimit.Token);
            return Encoding.UTF8.GetString(buffer, 0, length);
        }
        catch (Exception e) when (e is IOException or HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return "";
        }
    }

    static string Explain(HttpRequestException e) => e.InnerException is OutgoingAddressException refused
        ? refused.Message
        : e.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => "The host name cannot be resolved",
            HttpRequestError.ConnectionError => "The connection was refused or not answered",
            HttpRequestError.SecureConnectionError => "The TLS connection failed: certificate or protocol",
            _ => "The connection broke",
        };

    static async ValueTask<Stream> ConnectAsync(DnsEndPoint endPoint, bool isEmbedded, CancellationToken cancellationToken)
    {
        var addresses = await OutgoingAddress.ResolveAsync(endPoint.Host, isEmbedded, cancellationToken);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, endPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
