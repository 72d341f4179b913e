using Watchdesk.Tenants;

namespace Watchdesk.Tests.Tenants;

public sealed class SignInDampingTests
{
    static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-03-01T09:00:00Z");

    readonly SignInDamping _damping = new();

    [Theory]
    [InlineData(4, 0)]
    [InlineData(5, 1)]
    [InlineData(6, 2)]
    [InlineData(9, 16)]
    [InlineData(14, 512)]
    [InlineData(15, 900)]
    [InlineData(40, 900)]
    public void The_wait_doubles_up_to_a_quarter_of_an_hour(int failures, int seconds)
    {
        Fail("eve", "1.2.3.4", failures);

        _damping.Wait("Eve", "1.2.3.4", Now).ShouldBe(TimeSpan.FromSeconds(seconds));
    }

    [Fact]
    public void Another_address_and_another_account_do_not_wait()
    {
        Fail("eve", "1.2.3.4", 40);

        _damping.Wait("eve", "5.6.7.8", Now).ShouldBe(TimeSpan.Zero);
        _damping.Wait("bob", "1.2.3.4", Now).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void An_address_that_tries_many_accounts_waits_for_all()
    {
        for (var i = 0; i < 50; i++)
        {
            Fail("user" + i, "1.2.3.4", 1);
        }

        _damping.Wait("bob", "1.2.3.4", Now).ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_right_password_or_half_an_hour_of_peace_ends_it()
    {
        Fail("eve", "1.2.3.4", 8);
        _damping.Succeeded("eve", "1.2.3.4");
        _damping.Wait("eve", "1.2.3.4", Now).ShouldBe(TimeSpan.Zero);

        Fail("bob", "1.2.3.4", 8);
        _damping.Failed("bob", "1.2.3.4", Now.AddMinutes(31));
        _damping.Wait("bob", "1.2.3.4", Now.AddMinutes(31)).ShouldBe(TimeSpan.Zero);
    }

    void Fail(string account, string address, int times)
    {
        for (var i = 0; i < times; i++)
        {
            _damping.Failed(account, address, Now);
        }
    }
}
