using Azure.Core;
using Azure.Core.Pipeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Clients;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Clients;

public sealed class ClientsFeatureTests
{
    [Fact]
    public async Task Clients_come_without_any_setting_and_the_first_call_names_what_is_missing()
    {
        var services = Services();
        var tables = services.GetRequiredService<ITables>();
        services.GetRequiredService<BlobClient>().ShouldNotBeNull();
        services.GetRequiredService<IMessageSender>().ShouldBeSameAs(services.GetRequiredService<StorageQueueClient>());

        var missing = await Should.ThrowAsync<InvalidOperationException>(() => tables.GetAsync("jobs", "p", "r"));
        missing.Message.ShouldContain("AzureWebJobsStorage");
    }

    [Fact]
    public async Task Settings_that_come_after_the_client_count()
    {
        var builder = Builder();
        await using var services = builder.Services.BuildServiceProvider();
        var tables = services.GetRequiredService<ITables>();
        await Should.ThrowAsync<InvalidOperationException>(() => tables.GetAsync("jobs", "p", "r"));

        builder.Configuration["AzureWebJobsStorage"] = StorageAccount.Emulator(1, 1, 1).ToConnectionString();

        (await Should.ThrowAsync<RemoteCallException>(() => tables.GetAsync("jobs", "p", "r"))).IsTransient.ShouldBeTrue();
    }

    [Theory]
    [InlineData("ServiceBus:fullyQualifiedNamespace", "contoso.servicebus.windows.net")]
    [InlineData("ServiceBus", "Endpoint=sb://contoso.servicebus.windows.net/;SharedAccessKeyName=n;SharedAccessKey=k")]
    public void Messages_go_to_service_bus_where_it_is_set(string setting, string value)
    {
        Services((setting, value)).GetRequiredService<IMessageSender>().ShouldBeOfType<ServiceBusSender>();
    }

    [Fact]
    public async Task An_account_by_name_is_called_with_a_token_for_storage()
    {
        var http = new FakeHttp().Answer("GET", "https://desk.table.core.windows.net/jobs(PartitionKey='p',RowKey='r')", 404, headers: ["x-ms-error-code: ResourceNotFound"]);
        var credential = new FakeCredential();
        var services = new StorageServices(() => StorageAccount.Named("desk"), TimeProvider.System, () => credential, Transport(http));

        (await new AzureTables(services.Tables()).GetAsync("jobs", "p", "r")).ShouldBeNull();

        http.Sent.Single().Header("Authorization").ShouldBe("Bearer token");
        http.Sent.Single().Header("x-ms-version").ShouldNotBeNull();
        credential.Scopes.ShouldBe(["https://storage.azure.com/.default"]);
    }

    [Fact]
    public async Task A_namespace_is_called_with_a_token_for_service_bus()
    {
        var http = new FakeHttp().Answer("POST", "https://contoso.servicebus.windows.net/inbox/messages", 201);
        var credential = new FakeCredential();

        await new ServiceBusSender(ServiceBusConnection.WithToken("contoso.servicebus.windows.net", () => credential, Transport(http)))
            .SendAsync("inbox", "1"u8.ToArray(), "m1", default);

        http.Sent.Single().Header("Authorization").ShouldBe("Bearer token");
        credential.Scopes.ShouldBe(["https://servicebus.azure.net/.default"]);
    }

    static HttpClientTransport Transport(FakeHttp http) => new(new HttpClient(http));

    static WebApplicationBuilder Builder(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(TimeProvider.System);
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.AddClients();
        return builder;
    }

    static ServiceProvider Services(params (string Key, string Value)[] settings) => Builder(settings).Services.BuildServiceProvider();

    sealed class FakeCredential : TokenCredential
    {
        public string[] Scopes { get; private set; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes = requestContext.Scopes;
            return new AccessToken("token", DateTimeOffset.MaxValue);
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
