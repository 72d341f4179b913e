using System.Collections.Concurrent;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Watchdesk.Clients;

/// <summary>Who calls Azure: an application of the tenant's own directory.</summary>
sealed record ServicePrincipal(string Directory, string ClientId, string ClientSecret)
{
    /// <summary>Never the secret: records print their members.</summary>
    public override string ToString() => ClientId;
}

/// <summary>What Resource Manager answered, also when it refused.</summary>
/// <param name="Code">Of the error.</param>
/// <param name="Operation">Where to look how far it is; set when it goes on.</param>
sealed record ResourceAnswer(int Status, string? Code, string Body, string? Operation, TimeSpan? RetryAfter);

/// <summary>Azure Resource Manager. Only no answer, 429 and 5xx are exceptions; other refusals are answers, since people are told what it says.</summary>
/// <param name="credential">For an application, or null for the desk's own identity.</param>
/// <param name="testTransport">Answers by itself.</param>
sealed class ResourceManagerClient(Func<ServicePrincipal?, TokenCredential> credential, HttpPipelineTransport? testTransport = null, TimeSpan? retryDelay = null)
{
    const string Endpoint = "https://management.azure.com";
    const int MaxBody = 1024 * 1024;
    const int MaxPipelines = 100;

    readonly ConcurrentDictionary<string, RestService> services = new(StringComparer.Ordinal);
    readonly HttpPipelineTransport transport = testTransport ?? RestPipeline.Transport(isLocal: false);

    /// <param name="path">Below the endpoint with its api-version, or an address that an earlier answer gave.</param>
    /// <param name="requestId">The same at every try.</param>
    /// <exception cref="RemoteCallException">It did not answer, or asks to come again later.</exception>
    public async Task<ResourceAnswer> SendAsync(ServicePrincipal? caller, string method, string path, string? body, Guid requestId, CancellationToken cancellationToken)
    {
        var service = Service(caller);
        using var message = service.Create(RequestMethod.Parse(method), Below(path));
        message.Request.Headers.SetValue("x-ms-client-request-id", requestId.ToString());
        message.Request.Headers.SetValue("x-ms-return-client-request-id", "true");
        if (body is not null)
        {
            message.Request.Headers.SetValue("Content-Type", "application/json");
            message.Request.Content = RequestContent.Create(Encoding.UTF8.GetBytes(body));
        }

        var call = $"{method} {(path.StartsWith('/') ? path.Split('?')[0].Split('/') is [.., var last] ? last : "" : "operation")}";
        var response = await service.SendAsync(message, call, cancellationToken);
        if (RemoteErrors.IsTransient(response.Status, null))
        {
            throw service.Error(call, response);
        }

        var text = response.ContentStream is null ? "" : response.Content.ToString();
        return new ResourceAnswer(
            response.Status,
            RemoteErrors.Code(response),
            text.Length <= MaxBody ? text : text[..MaxBody],
            Header(response, "Azure-AsyncOperation") ?? Header(response, "Location"),
            RemoteErrors.RetryAfter(response));
    }

    /// <summary>A token goes to Resource Manager and to nobody that an answer names.</summary>
    static string Below(string path) => path.StartsWith('/') ? path
        : path.StartsWith(Endpoint + "/", StringComparison.OrdinalIgnoreCase) ? path[Endpoint.Length..]
        : throw new RemoteCallException("Resource Manager", "GET operation", null, "ForeignAddress", isTransient: false);

    RestService Service(ServicePrincipal? caller)
    {
        if (services.Count > MaxPipelines)
        {
            services.Clear();
        }

        return services.GetOrAdd(caller is null ? "" : Keys.Hash($"{caller.Directory}\n{caller.ClientId}\n{caller.ClientSecret}"), _ => new RestService("Resource Manager", () =>
            new RestTarget(Endpoint, RestPipeline.Build(new BearerTokenAuthenticationPolicy(credential(caller), Endpoint + "/.default"), transport, retryDelay ?? RestPipeline.RetryDelay))));
    }

    static string? Header(Azure.Response response, string name) => response.Headers.TryGetValue(name, out var value) ? value : null;
}
