using System.Buffers.Text;
using System.Text;
using Watchdesk.Notices.Push;

namespace Watchdesk.Tests.Notices;

/// <summary>Against the example of RFC 8291, section 5.</summary>
public sealed class PushEncryptionTests
{
    const string Plain = "When I grow up, I want to be a watermelon";
    const string Salt = "DGv6ra1nlYgDCS1FRnbzlw";
    const string Body =
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";

    [Fact]
    public void The_example_comes_out_byte_by_byte()
    {
        using var sender = PushService.Key("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw", "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8");

        var body = PushEncryption.Encrypt(Encoding.UTF8.GetBytes(Plain), PushService.Bytes(PushService.P256dh), PushService.Bytes(PushService.Auth), sender, PushService.Bytes(Salt));

        Base64Url.EncodeToString(body).ShouldBe(Body);
        PushService.Decrypt(body).ShouldBe(Plain);
    }

    [Fact]
    public void No_two_messages_have_a_key_or_a_salt_in_common()
    {
        var (a, b) = (Encrypt(), Encrypt());

        a[..16].ShouldNotBe(b[..16]);
        a[21..86].ShouldNotBe(b[21..86]);
        PushService.Decrypt(a).ShouldBe(PushService.Decrypt(b));

        static byte[] Encrypt() => PushEncryption.Encrypt(Encoding.UTF8.GetBytes(Plain), PushService.Bytes(PushService.P256dh), PushService.Bytes(PushService.Auth));
    }

    [Fact]
    public void A_push_service_can_check_who_sends()
    {
        var now = DateTimeOffset.Parse("2026-11-20T08:00:00Z");
        var key = VapidKey.Read(VapidKey.New().Text());

        var claims = PushService.Claims(key.Authorization(new Uri("https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV"), "https://desk.example.org", now));

        claims.GetProperty("aud").GetString().ShouldBe("https://push.example.net");
        claims.GetProperty("sub").GetString().ShouldBe("https://desk.example.org");
        DateTimeOffset.FromUnixTimeSeconds(claims.GetProperty("exp").GetInt64()).ShouldBe(now.AddHours(12));
    }
}
