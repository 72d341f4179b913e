using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Watchdesk.Clients;

namespace Watchdesk.Hosting.Durable;

/// <summary>What the extension says of an instance.</summary>
/// <param name="Output">As text, whatever it is.</param>
sealed record InstanceStatus(string Name, string RuntimeStatus, string Output, DateTimeOffset LastUpdatedAt)
{
    public bool IsFinished => RuntimeStatus is "Completed" or "Failed" or "Terminated" or "Canceled";

    /// <summary>The turn itself was lost, for example with its process: the contract's section 6.</summary>
    public bool IsPlatformFailure => RuntimeStatus == "Failed" && Output.Contains("failed with an unhandled exception", StringComparison.OrdinalIgnoreCase);
}

/// <summary>The extension's HTTP API. Address and key come with an invocation and are never logged; the key travels as a header.</summary>
sealed class DurableApi
{
    readonly RestService service;

    public DurableApi(string baseUrl, string key, HttpPipelineTransport? testTransport = null) => service = new RestService(
        "Durable Functions",
        () => new RestTarget(baseUrl.TrimEnd('/'), RestPipeline.Build(new KeyHeader(key), testTransport ?? RestPipeline.Transport(new Uri(baseUrl).IsLoopback), RestPipeline.RetryDelay)));

    /// <summary>Address and key of the binding <c>durableClient</c>.</summary>
    /// <exception cref="InvalidRequestException">The invocation has none.</exception>
    public static (string BaseUrl, string Key) Read(Invocation invocation, string binding)
    {
        var client = invocation.ReadJson(binding);
        if (client.ValueKind != JsonValueKind.Object || Text("httpBaseUrl") is not { Length: > 0 } url || !Uri.TryCreate(url, UriKind.Absolute, out _))
        {
            throw new InvalidRequestException($"The invocation of {invocation.Function} has no address in {binding}.");
        }

        var code = (Text("requiredQueryStringParameters") ?? "").Split('&').FirstOrDefault(pair => pair.StartsWith("code=", StringComparison.Ordinal));
        return (url, Uri.UnescapeDataString(code is null ? "" : code["code=".Length..]));

        string? Text(string name) => client.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    /// <summary>Null when there is no such instance.</summary>
    public async Task<InstanceStatus?> FindAsync(string id, CancellationToken cancellationToken)
    {
        const string Call = "GET /instances/{id}";
        var response = await SendAsync(RequestMethod.Get, $"/instances/{Escape(id)}?showInput=false", Call, null, cancellationToken);
        return response.Status switch
        {
            200 or 202 => service.Read(Call, response, ReadStatus),
            404 => null,
            _ => throw service.Error(Call, response),
        };
    }

    public async Task StartAsync(string name, string id, string input, CancellationToken cancellationToken)
    {
        const string Call = "POST /orchestrators/{name}/{id}";
        var response = await SendAsync(RequestMethod.Post, $"/orchestrators/{Escape(name)}/{Escape(id)}", Call, input, cancellationToken);
        if (response.Status is not (202 or 409))
        {
            throw service.Error(Call, response);
        }
    }

    /// <summary>False when the instance has ended, or never was.</summary>
    public Task<bool> RaiseAsync(string id, string name, string? data, CancellationToken cancellationToken) =>
        PostAsync($"/instances/{Escape(id)}/raiseEvent/{Escape(name)}", "POST /instances/{id}/raiseEvent/{name}", data ?? "null", cancellationToken);

    /// <param name="verb">terminate, suspend or resume.</param>
    /// <returns>False when the instance has ended, or never was.</returns>
    public Task<bool> TellAsync(string id, string verb, string? reason, CancellationToken cancellationToken) =>
        PostAsync($"/instances/{Escape(id)}/{verb}?reason={Escape(reason ?? "")}", "POST /instances/{id}/" + verb, null, cancellationToken);

    public async Task PurgeAsync(string id, CancellationToken cancellationToken)
    {
        const string Call = "DELETE /instances/{id}";
        var response = await SendAsync(RequestMethod.Delete, $"/instances/{Escape(id)}", Call, null, cancellationToken);
        if (response.Status is not (200 or 404))
        {
            throw service.Error(Call, response);
        }
    }

    async Task<bool> PostAsync(string path, string call, string? json, CancellationToken cancellationToken)
    {
        var response = await SendAsync(RequestMethod.Post, path, call, json, cancellationToken);
        return response.Status == 202 || (response.Status is 404 or 410 ? false : throw service.Error(call, response));
    }

    async Task<Response> SendAsync(RequestMethod method, string path, string call, string? json, CancellationToken cancellationToken)
    {
        var message = service.Create(method, path);
        if (json is not null)
        {
            message.Request.Headers.Add("Content-Type", "application/json");
            message.Request.Content = RequestContent.Create(System.Text.Encoding.UTF8.GetBytes(json));
        }

        return await service.SendAsync(message, call, cancellationToken);
    }

    static InstanceStatus ReadStatus(BinaryData body)
    {
        var root = JsonElement.Parse(body.ToMemory().Span);
        return new InstanceStatus(
            Text("name"),
            Text("runtimeStatus"),
            Text("output"),
            DateTimeOffset.TryParse(Text("lastUpdatedTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : DateTimeOffset.UnixEpoch);

        string Text(string name) => root.TryGetProperty(name, out var value) ? value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText() : "";
    }

    static string Escape(string text) => Uri.EscapeDataString(text);

    sealed class KeyHeader(string key) : HttpPipelineSynchronousPolicy
    {
        public override void OnSendingRequest(HttpMessage message) => message.Request.Headers.SetValue("x-functions-key", key);
    }
}
