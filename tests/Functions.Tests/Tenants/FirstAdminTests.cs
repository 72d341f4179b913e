using Watchdesk.Clients;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Tenants;

public sealed class FirstAdminTests
{
    readonly ManualClock _clock = ManualClock.At("2026-03-01T09:00:00Z");
    readonly UserStore _users;
    readonly FirstAdmin _first;

    public FirstAdminTests()
    {
        var tables = new MemoryTables();
        var log = new EventLog(new MemoryBlobs().Client(), _clock);
        _users = new UserStore(tables, log);
        _first = new FirstAdmin(new TenantStore(tables, log), _users, _clock);
    }

    [Fact]
    public async Task A_new_desk_gets_a_random_password_that_is_told_once()
    {
        var password = await _first.EnsureAsync(null, default);

        Passwords.IsRight(password!, (await AdminAsync()).PasswordHash).ShouldBeTrue();
        (await _first.EnsureAsync(null, default)).ShouldBeNull();
        Passwords.IsRight(password!, (await AdminAsync()).PasswordHash).ShouldBeTrue();
    }

    [Fact]
    public async Task A_given_password_becomes_the_accounts_and_ends_its_sessions()
    {
        await _first.EnsureAsync("the first one", default);
        _clock.Advance(TimeSpan.FromDays(1));

        (await _first.EnsureAsync("the second one", default)).ShouldBe("the second one");

        var admin = await AdminAsync();
        Passwords.IsRight("the second one", admin.PasswordHash).ShouldBeTrue();
        admin.SessionsFrom.ShouldBe(_clock.GetUtcNow());
    }

    async Task<User> AdminAsync()
    {
        var admin = await _users.FindAsync(FirstAdmin.Login, default);
        admin.ShouldNotBeNull();
        admin.Role.ShouldBe(Role.Admin);
        return admin;
    }
}
