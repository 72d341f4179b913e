using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;
using Watchdesk.Clients;

namespace Watchdesk.Tenants;

/// <summary>The key <c>key-ring</c> of the installation's Key Vault: wraps and unwraps small keys, and never leaves the vault.</summary>
sealed class VaultKey(string vaultUri, TokenCredential credential, HttpPipelineTransport? testTransport = null)
{
    public const string Name = "key-ring";
    const string Scope = "https://vault.azure.net/.default";
    const string Version = "api-version=7.4";

    readonly string _vault = vaultUri.TrimEnd('/');
    readonly HttpPipeline _pipeline = RestPipeline.Build(
        new BearerTokenAuthenticationPolicy(credential, Scope), testTransport ?? RestPipeline.Transport(isLocal: false), RestPipeline.RetryDelay);

    /// <returns>The address of the version that wrapped, which alone can unwrap.</returns>
    public Task<(string Id, byte[] Value)> WrapAsync(byte[] key, CancellationToken cancellationToken) =>
        CallAsync($"{_vault}/keys/{Name}/wrapkey", "wrapkey", key, cancellationToken);

    /// <exception cref="InvalidOperationException">The id names another vault: its token would go there.</exception>
    public async Task<byte[]> UnwrapAsync(string id, byte[] wrapped, CancellationToken cancellationToken) =>
        id.StartsWith($"{_vault}/keys/", StringComparison.OrdinalIgnoreCase)
            ? (await CallAsync($"{id}/unwrapkey", "unwrapkey", wrapped, cancellationToken)).Value
            : throw new InvalidOperationException("The key ring was wrapped by a key of another vault.");

    async Task<(string Id, byte[] Value)> CallAsync(string address, string verb, byte[] value, CancellationToken cancellationToken)
    {
        using var message = _pipeline.CreateMessage();
        message.Request.Method = RequestMethod.Post;
        message.Request.Uri.Reset(new Uri($"{address}?{Version}"));
        message.Request.Headers.Add("Content-Type", "application/json");
        message.Request.Content = RequestContent.Create(Body(value));
        await _pipeline.SendAsync(message, cancellationToken);
        if (message.Response.Status != 200)
        {
            throw RemoteErrors.From("Key Vault", $"POST /keys/{{key}}/{verb}", message.Response);
        }

        using var answer = JsonDocument.Parse(message.Response.Content);
        return (answer.RootElement.GetProperty("kid").GetString()!, Base64Url.DecodeFromChars(answer.RootElement.GetProperty("value").GetString()));
    }

    static ReadOnlyMemory<byte> Body(byte[] value)
    {
        var body = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteString("alg"u8, "RSA-OAEP-256");
        json.WriteString("value"u8, Base64Url.EncodeToString(value));
        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }
}
