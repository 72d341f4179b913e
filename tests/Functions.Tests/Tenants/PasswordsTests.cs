using Watchdesk.Tenants;

namespace Watchdesk.Tests.Tenants;

public sealed class PasswordsTests
{
    [Fact]
    public void A_password_is_right_only_for_its_own_hash()
    {
        var hash = Passwords.Hash("correct horse");

        hash.ShouldStartWith("pbkdf2-sha512$210000$");
        Passwords.IsRight("correct horse", hash).ShouldBeTrue();
        Passwords.IsRight("correct horsf", hash).ShouldBeFalse();
        Passwords.IsRight("correct horse", null).ShouldBeFalse();
        Passwords.IsRight("correct horse", "md5$x").ShouldBeFalse();
        Passwords.Hash("correct horse").ShouldNotBe(hash);
    }
}
