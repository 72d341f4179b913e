using Microsoft.Extensions.Configuration;
using Watchdesk.Clients;

namespace Watchdesk.Tests.Clients;

public sealed class StorageAccountTests
{
    [Fact]
    public void Development_storage_is_the_emulator_on_its_usual_ports()
    {
        var account = StorageAccount.Parse("UseDevelopmentStorage=true");
        account.Tables.ShouldBe(new Uri("http://127.0.0.1:10002/devstoreaccount1"));
        account.Queues.Port.ShouldBe(10001);
        account.Blobs.Port.ShouldBe(10000);
        account.IsLocal.ShouldBeTrue();
    }

    [Fact]
    public void A_connection_string_as_the_portal_gives_it_is_read()
    {
        var account = StorageAccount.Parse("DefaultEndpointsProtocol=https;AccountName=desk;AccountKey=AAEC;EndpointSuffix=core.windows.net");
        account.Tables.ShouldBe(new Uri("https://desk.table.core.windows.net"));
        account.Key.ShouldBe(new byte[] { 0, 1, 2 });
        account.IsLocal.ShouldBeFalse();
    }

    [Fact]
    public void The_connection_string_of_an_account_reads_back()
    {
        var account = StorageAccount.Parse(StorageAccount.Emulator(1, 2, 3).ToConnectionString());
        account.ToConnectionString().ShouldBe(StorageAccount.Emulator(1, 2, 3).ToConnectionString());
        account.Blobs.ShouldBe(new Uri("http://127.0.0.1:3/devstoreaccount1"));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("UseDevelopmentStorage=maybe")]
    [InlineData("AccountName=desk")]
    [InlineData("AccountKey=c2VjcmV0")]
    [InlineData("AccountName=desk;AccountKey=se%cret")]
    [InlineData("AccountName=desk;AccountKey=c2VjcmV0;TableEndpoint=ftp://x")]
    public void A_wrong_connection_string_is_refused_without_its_key(string text)
    {
        var refused = Should.Throw<FormatException>(() => StorageAccount.Parse(text));
        refused.Message.ShouldNotContain("c2VjcmV0");
        refused.Message.ShouldNotContain("se%cret");
    }

    [Fact]
    public void The_text_of_an_account_has_no_key()
    {
        StorageAccount.Parse("AccountName=desk;AccountKey=c2VjcmV0").ToString().ShouldBe("storage account desk");
    }

    [Fact]
    public void The_settings_are_a_connection_string_or_the_name_of_an_account()
    {
        Account(("AzureWebJobsStorage", "UseDevelopmentStorage=true")).IsLocal.ShouldBeTrue();
        var named = Account(("AzureWebJobsStorage:accountName", "desk"));
        named.Key.ShouldBeNull();
        named.Queues.ShouldBe(new Uri("https://desk.queue.core.windows.net"));
        Should.Throw<InvalidOperationException>(() => Account()).Message.ShouldContain("AzureWebJobsStorage__accountName");
    }

    static StorageAccount Account(params (string Key, string Value)[] settings) => ClientsFeature.Account(
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(pair => pair.Key, pair => (string?)pair.Value)).Build());
}
