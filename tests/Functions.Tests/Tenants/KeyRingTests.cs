using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Azure.Core;
using Azure.Core.Pipeline;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Watchdesk.Hosting;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Tenants;

public sealed class KeyRingTests
{
    readonly MemoryBlobs _blobs = new();

    [Fact]
    public void Two_writers_at_once_lose_no_key()
    {
        var (one, other) = (new KeyRing(_blobs.Client()), new KeyRing(_blobs.Client()));
        one.GetAllElements().ShouldBeEmpty();
        var isFirst = true;
        _blobs.Before = (verb, _) =>
        {
            if (verb == "PUT" && isFirst)
            {
                isFirst = false;
                other.StoreElement(new XElement("key", "theirs"), "theirs");
            }
        };

        one.StoreElement(new XElement("key", "ours"), "ours");
        one.StoreElement(new XElement("key", "later"), "later");

        other.GetAllElements().Select(element => element.Value).ShouldBe(["theirs", "ours", "later"], ignoreOrder: true);
    }

    [Fact]
    public async Task What_one_instance_protects_another_reads_with_the_keys_wrapped_by_the_vault()
    {
        var vault = new Vault();
        var text = Protector(vault).Protect("who");

        Protector(vault).Unprotect(text).ShouldBe("who");

        var stored = Encoding.UTF8.GetString((await _blobs.Client().GetAsync(KeyRing.Container, KeyRing.Name, default))!.Content.Span);
        stored.ShouldContain("vaultKey");
        stored.ShouldNotContain("masterKey");
        vault.Wraps.ShouldBe(1);
        vault.Unwraps.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_ring_of_another_vault_is_not_sent_our_token() =>
        await Should.ThrowAsync<InvalidOperationException>(
            new VaultKey(Vault.Url, new NoCredential(), new Vault().Transport()).UnwrapAsync("https://evil.example/keys/key-ring/1", [1], default));

    [Fact]
    public void The_key_of_the_vault_is_the_one_that_infra_makes() =>
        Repository.Read("infra/modules/keyvault.bicep").ShouldContain($"name: '{VaultKey.Name}'");

    IDataProtector Protector(Vault vault)
    {
        var services = new ServiceCollection();
        services.AddSingleton(typeof(Microsoft.Extensions.Logging.ILogger<>), typeof(NullLogger<>));
        services.AddSingleton<Microsoft.Extensions.Logging.ILoggerFactory>(NullLoggerFactory.Instance);
        KeyRingSetup.Add(services);
        services.AddSingleton(_blobs.Client());
        services.AddSingleton(new DeskOptions { KeyVaultUri = Vault.Url });
        services.AddSingleton(new VaultKey(Vault.Url, new NoCredential(), vault.Transport()));
        return services.BuildServiceProvider().GetRequiredService<IDataProtectionProvider>().CreateProtector("test");
    }

    sealed class NoCredential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new("token", DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
    }

    /// <summary>Wraps with a key of its own, as the service does.</summary>
    sealed class Vault : HttpMessageHandler
    {
        public const string Url = "https://desk.vault.azure.net/";

        readonly RSA _key = RSA.Create(2048);

        public int Wraps { get; private set; }

        public int Unwraps { get; private set; }

        public HttpPipelineTransport Transport() => new HttpClientTransport(new HttpClient(this, disposeHandler: false));

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) => SendAsync(request, cancellationToken).GetAwaiter().GetResult();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization!.ToString().ShouldBe("Bearer token");
            using var body = JsonDocument.Parse(await request.Content!.ReadAsStringAsync(cancellationToken));
            body.RootElement.GetProperty("alg").GetString().ShouldBe("RSA-OAEP-256");
            var value = Base64Url.DecodeFromChars(body.RootElement.GetProperty("value").GetString());
            byte[] result;
            switch (request.RequestUri!.AbsoluteUri)
            {
                case "https://desk.vault.azure.net/keys/key-ring/wrapkey?api-version=7.4":
                    Wraps++;
                    result = _key.Encrypt(value, RSAEncryptionPadding.OaepSHA256);
                    break;
                case "https://desk.vault.azure.net/keys/key-ring/v1/unwrapkey?api-version=7.4":
                    Unwraps++;
                    result = _key.Decrypt(value, RSAEncryptionPadding.OaepSHA256);
                    break;
                default:
                    throw new InvalidOperationException($"Unplanned: {request.RequestUri}");
            }

            return new HttpResponseMessage
            {
                Content = new StringContent($$"""{"kid":"https://desk.vault.azure.net/keys/key-ring/v1","value":"{{Base64Url.EncodeToString(result)}}"}"""),
            };
        }
    }
}
