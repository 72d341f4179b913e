using System.Net;
using System.Net.Sockets;
using Watchdesk.Hosting;
using Watchdesk.Notices;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Notices;

public sealed class OutgoingAddressTests
{
    [Theory]
    [InlineData("8.8.8.8",                  true)]
    [InlineData("172.15.255.255",           true)]
    [InlineData("2606:4700::1111",          true)]
    [InlineData("10.1.2.3",                 false)]
    [InlineData("127.0.0.1",                false)]
    [InlineData("169.254.169.254",          false)]
    [InlineData("168.63.129.16",            false)]
    [InlineData("172.16.0.1",               false)]
    [InlineData("192.168.1.1",              false)]
    [InlineData("100.64.0.1",               false)]
    [InlineData("0.0.0.0",                  false)]
    [InlineData("255.255.255.255",          false)]
    [InlineData("::1",                      false)]
    [InlineData("::",                       false)]
    [InlineData("::ffff:10.0.0.1",          false)]
    [InlineData("::ffff:8.8.8.8",           true)]
    [InlineData("64:ff9b::a9fe:a9fe",       false)]
    [InlineData("fd00::1",                  false)]
    [InlineData("fe80::1",                  false)]
    [InlineData("2002:a00:1::",             false)]
    [InlineData("2001:db8::1",              false)]
    public void Only_public_addresses_are_public(string address, bool isPublic) => OutgoingAddress.IsPublic(IPAddress.Parse(address)).ShouldBe(isPublic);

    [Theory]
    [InlineData("https://hooks.example.org/a?b=c",   true,  true)]
    [InlineData("http://127.0.0.1:8080/",            false, true)]
    [InlineData("http://localhost:8080/",            false, true)]
    [InlineData("http://hooks.example.org/",         false, false)]
    [InlineData("https://10.0.0.4/",                 false, true)]
    [InlineData("https://[::1]/",                    false, true)]
    [InlineData("https://user:pass@example.org/",    false, false)]
    [InlineData("ftp://example.org/",                false, false)]
    [InlineData("/relative",                         false, false)]
    [InlineData("file:///etc/passwd",                false, false)]
    [InlineData(null,                                false, false)]
    public void An_address_is_checked_when_it_is_entered(string? url, bool inAzure, bool embedded)
    {
        Accepts(url, isEmbedded: false).ShouldBe(inAzure);
        Accepts(url, isEmbedded: true).ShouldBe(embedded);
    }

    [Fact]
    [Trait("Size", "Large")]
    public async Task A_name_that_leads_inside_is_refused_when_it_is_connected_to()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var azure = OutgoingHttp.Create(isEmbedded: false);

        var answer = await azure.PostAsync(new Uri($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/"), new StringContent(""), [], default);

        answer.Error.ShouldBe(OutgoingAddress.Refusal);
        answer.ToResult(Notes.Now).IsChannelBroken.ShouldBeTrue();
        listener.Pending().ShouldBeFalse();
    }

    static bool Accepts(string? url, bool isEmbedded)
    {
        using var http = new OutgoingHttp(new FakeHttp(), isEmbedded);
        try
        {
            http.Check(url);
            return true;
        }
        catch (InvalidRequestException)
        {
            return false;
        }
    }
}
