using Watchdesk.Clients;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Tenants;

public sealed class UserStoreTests
{
    static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-03-01T09:00:00Z");

    readonly MemoryTables _tables = new();
    readonly UserStore _users;

    public UserStoreTests() => _users = new UserStore(_tables, new EventLog(new MemoryBlobs().Client(), TimeProvider.System));

    [Fact]
    public async Task A_user_comes_back_as_stored()
    {
        var user = A("eve@example.org") with { PasswordHash = "hash", SessionsFrom = Now, EntraId = "entra:d:o", IsDisabled = true };

        await _users.CreateAsync(user, Now, default);

        ((await _users.FindAsync("EVE@example.org", default))! with { ETag = null }).ShouldBe(user);
    }

    [Fact]
    public async Task A_login_belongs_to_one_person_in_all_tenants()
    {
        (await _users.CreateAsync(A("eve@example.org"), Now, default)).ShouldBeTrue();
        (await _users.CreateAsync(A("Eve@example.org") with { Tenant = "other" }, Now, default)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_login_whose_user_was_never_written_is_free_after_a_minute()
    {
        _tables.BeforeWrite = (table, _) =>
        {
            if (table == Tables.Users)
            {
                throw new IOException("The program stops here.");
            }
        };
        await Should.ThrowAsync<IOException>(_users.CreateAsync(A("eve@example.org"), Now, default));
        _tables.BeforeWrite = null;

        (await _users.CreateAsync(A("eve@example.org"), Now.AddSeconds(60), default)).ShouldBeFalse();
        (await _users.CreateAsync(A("eve@example.org"), Now.AddSeconds(61), default)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_change_decides_again_when_somebody_was_faster()
    {
        var user = A("eve@example.org");
        await _users.CreateAsync(user, Now, default);
        var tries = 0;

        var changed = await _users.ChangeAsync(user.Tenant, user.Id, read =>
        {
            if (++tries == 1)
            {
                _users.ChangeAsync(user.Tenant, user.Id, other => other with { Name = "Eve" }, default).GetAwaiter().GetResult();
            }

            return read with { Role = Role.Admin };
        }, default);

        tries.ShouldBe(2);
        (changed! with { ETag = null }).ShouldBe(user with { Name = "Eve", Role = Role.Admin });
    }

    [Fact]
    public void A_user_never_prints_the_hash() => (A("eve@example.org") with { PasswordHash = "secret" }).ToString().ShouldBe("main/eve@example.org");

    [Theory]
    [InlineData("admin", true)]
    [InlineData("a@b", true)]
    [InlineData("eve@example.org", true)]
    [InlineData("", false)]
    [InlineData("eve", false)]
    [InlineData("@example.org", false)]
    [InlineData("eve@", false)]
    [InlineData("e ve@example.org", false)]
    [InlineData("e:ve@example.org", false)]
    [InlineData("entra:d@x:o", false)]
    public void A_login_is_a_mail_address_or_admin(string text, bool isLogin) => User.IsLogin(text).ShouldBe(isLogin);

    static User A(string login) => new("main", Keys.NewId(Now), login, login, Role.Reader, false, Now);
}
