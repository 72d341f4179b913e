using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Watchdesk.Clients;

/// <summary>Connects to a Service Bus namespace with a token, or with a shared access key when one is configured.</summary>
static class ServiceBusConnection
{
    const string Scope = "https://servicebus.azure.net/.default";

    /// <param name="fullyQualifiedNamespace">Such as <c>contoso.servicebus.windows.net</c>.</param>
    public static RestService WithToken(string fullyQualifiedNamespace, Func<TokenCredential> credential, HttpPipelineTransport? testTransport = null) =>
        Connect($"https://{fullyQualifiedNamespace}", () => new BearerTokenAuthenticationPolicy(credential(), Scope), testTransport, RestPipeline.RetryDelay);

    /// <param name="connectionString"><c>Endpoint=sb://…;SharedAccessKeyName=…;SharedAccessKey=…</c>.</param>
    public static RestService WithKey(string connectionString, TimeProvider clock, HttpPipelineTransport? testTransport = null, TimeSpan? retryDelay = null)
    {
        var parts = StorageAccount.Parts(connectionString);
        var endpoint = Part("Endpoint").Replace("sb://", "https://", StringComparison.OrdinalIgnoreCase).TrimEnd('/');
        var policy = new SharedAccessPolicy(endpoint, Part("SharedAccessKeyName"), Part("SharedAccessKey"), clock);
        return Connect(endpoint, () => policy, testTransport, retryDelay ?? RestPipeline.RetryDelay);

        string Part(string name) => parts.GetValueOrDefault(name) ?? throw new FormatException($"The Service Bus connection string has no {name}.");
    }

    /// <summary>The key is text here, not base64 as with Storage.</summary>
    internal static string Signature(string resource, string key, string keyName, long expiresUnixSeconds)
    {
        // The service wants lower-case escapes in both places; only the escapes have capitals once the address is lower-case.
        var address = Uri.EscapeDataString(resource.ToLowerInvariant()).ToLowerInvariant();
        var text = string.Create(CultureInfo.InvariantCulture, $"{address}\n{expiresUnixSeconds}");
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text)));
        return string.Create(CultureInfo.InvariantCulture, $"SharedAccessSignature sr={address}&sig={Uri.EscapeDataString(signature)}&se={expiresUnixSeconds}&skn={Uri.EscapeDataString(keyName)}");
    }

    static RestService Connect(string endpoint, Func<HttpPipelinePolicy> authentication, HttpPipelineTransport? transport, TimeSpan retryDelay) =>
        new("Service Bus", () => new RestTarget(endpoint, RestPipeline.Build(authentication(), transport ?? RestPipeline.Transport(isLocal: false), retryDelay)));

    /// <summary>One signature for the namespace serves all its queues until shortly before it expires.</summary>
    sealed class SharedAccessPolicy(string endpoint, string keyName, string key, TimeProvider clock) : HttpPipelineSynchronousPolicy
    {
        static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
        (string Text, DateTimeOffset Until) current = ("", DateTimeOffset.MinValue);
        readonly Lock gate = new();

        public override void OnSendingRequest(HttpMessage message) => message.Request.Headers.SetValue("Authorization", Current());

        string Current()
        {
            var now = clock.GetUtcNow();
            lock (gate)
            {
                if (now + (Lifetime / 4) > current.Until)
                {
                    var until = now + Lifetime;
                    current = (Signature(endpoint, key, keyName, until.ToUnixTimeSeconds()), until);
                }

                return current.Text;
            }
        }
    }
}
