using System.Text.Json;
using System.Xml;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;

namespace Watchdesk.Clients;

/// <param name="Endpoint">Without a slash at its end.</param>
sealed record RestTarget(string Endpoint, HttpPipeline Pipeline);

/// <summary>One remote service; connects at the first call. Every failure without an answer is a <see cref="RemoteCallException"/>.</summary>
sealed class RestService(string name, Func<RestTarget> connect)
{
    readonly Lazy<RestTarget> target = new(connect, LazyThreadSafetyMode.PublicationOnly);

    public string Name => name;

    public string Endpoint => target.Value.Endpoint;

    /// <param name="path">Escaped path below the endpoint, with its query.</param>
    public HttpMessage Create(RequestMethod method, string path)
    {
        var message = target.Value.Pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(new Uri(target.Value.Endpoint + path));
        return message;
    }

    /// <param name="call">Verb and path template, for the text of an error.</param>
    public async ValueTask<Response> SendAsync(HttpMessage message, string call, CancellationToken cancellationToken)
    {
        try
        {
            await target.Value.Pipeline.SendAsync(message, cancellationToken);
            return message.Response;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && IsNoAnswer(e))
        {
            throw new RemoteCallException(name, call, null, null, isTransient: true, inner: e);
        }
    }

    public RemoteCallException Error(string call, Response response) => RemoteErrors.From(name, call, response);

    /// <summary>Reads a body that announced success. One that cannot be read counts as no answer.</summary>
    public T Read<T>(string call, Response response, Func<BinaryData, T> read)
    {
        try
        {
            return read(response.Content);
        }
        catch (Exception e) when (e is JsonException or FormatException or XmlException or InvalidOperationException)
        {
            throw new RemoteCallException(name, call, response.Status, "UnreadableAnswer", isTransient: true, inner: e);
        }
    }

    static bool IsNoAnswer(Exception exception) => exception switch
    {
        RequestFailedException or OperationCanceledException or IOException or AuthenticationFailedException => true,
        AggregateException several => several.InnerExceptions.All(IsNoAnswer),
        _ => false,
    };
}
