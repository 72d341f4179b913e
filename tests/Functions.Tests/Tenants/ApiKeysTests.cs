using Watchdesk.Clients;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Tenants;

public sealed class ApiKeysTests
{
    readonly MemoryTables _tables = new();
    readonly MemoryBlobs _blobs = new();
    readonly ManualClock _clock = ManualClock.At("2026-03-01T09:00:00Z");
    readonly ApiKeys _keys;

    public ApiKeysTests() => _keys = new ApiKeys(_tables, Log(), _clock);

    [Fact]
    public async Task A_key_has_its_form_and_gives_its_caller()
    {
        var made = await CreateAsync();

        made.Text.ShouldMatch("^wd_[0-9A-Za-z]{12}_[0-9A-Za-z]{32}$");
        (await _keys.VerifyAsync(made.Text, default)).ShouldBe(new Caller("main", made.Key.Id, "key nightly", Role.Reader, Scopes.Read | Scopes.Ping) { Person = "admin" });
    }

    [Fact]
    public async Task The_text_is_neither_stored_nor_printed()
    {
        var made = await CreateAsync();

        Dump.Of(_tables).ShouldNotContain(made.Text[16..]);
        made.ToString().ShouldNotContain(made.Text[16..]);
    }

    [Fact]
    public async Task A_revoked_key_is_refused_at_once_here_and_within_a_minute_elsewhere()
    {
        var elsewhere = new ApiKeys(_tables, Log(), _clock);
        var made = await CreateAsync();
        (await elsewhere.VerifyAsync(made.Text, default)).ShouldNotBeNull();

        (await _keys.RevokeAsync("main", made.Key.Id, default)).ShouldBeTrue();

        (await _keys.VerifyAsync(made.Text, default)).ShouldBeNull();
        _clock.Advance(TimeSpan.FromSeconds(60));
        (await elsewhere.VerifyAsync(made.Text, default)).ShouldBeNull();
        (await _keys.ListAsync("main", 10, null, default)).Keys.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_key_is_read_once_a_minute()
    {
        var made = await CreateAsync();
        _tables.ResetCounts();

        for (var i = 0; i < 10; i++)
        {
            await _keys.VerifyAsync(made.Text, default);
        }

        _tables.Counts.Reads.ShouldBe(1);
    }

    [Fact]
    public async Task The_secret_of_a_badge_opens_its_job_and_cannot_ping()
    {
        var badges = new BadgeKeys(_tables, Log(), _clock);
        var made = await badges.CreateAsync("main", "readme", new KeyPart("j1"), "admin", _clock.GetUtcNow(), default);

        (await badges.FindAsync(made.Text, default)).ShouldBe(new Opened("main", new KeyPart("j1"), "readme"));
        (await new PingKeys(_tables, Log(), _clock).FindTenantAsync(made.Text, default)).ShouldBeNull();

        (await badges.RevokeAsync("main", made.Key.Id, default)).ShouldBeTrue();
        (await badges.FindAsync(made.Text, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_key_is_in_the_event_log_as_its_hash_when_it_is_made_and_when_it_goes()
    {
        var made = await CreateAsync();
        await _keys.RevokeAsync("main", made.Key.Id, default);

        var client = _blobs.Client();
        var text = System.Text.Encoding.UTF8.GetString((await client.GetAsync(EventLog.Container, _blobs.Names.Single()["events/".Length..], default))!.Content.Span);
        text.ShouldContain("\"kind\":\"rows\"");
        text.ShouldContain("\"kind\":\"deleted\"");
        text.ShouldContain(Keys.Hash(made.Text));
        text.ShouldNotContain(made.Text[16..]);
    }

    [Fact]
    public async Task Another_tenant_can_neither_see_nor_revoke_it()
    {
        var made = await CreateAsync();

        (await _keys.ListAsync("other", 10, null, default)).Keys.ShouldBeEmpty();
        (await _keys.RevokeAsync("other", made.Key.Id, default)).ShouldBeFalse();
        (await _keys.VerifyAsync(made.Text, default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_ping_key_leads_to_its_tenant_until_it_is_revoked()
    {
        var ping = new PingKeys(_tables, Log(), _clock);
        var made = await ping.CreateAsync("main", "servers", "admin", _clock.GetUtcNow(), default);

        made.Text.ShouldMatch("^[0-9A-Za-z]{22}$");
        Dump.Of(_tables).ShouldNotContain(made.Text);
        (await ping.FindTenantAsync(made.Text, default)).ShouldBe("main");
        (await ping.FindTenantAsync(SecretText.Random(22), default)).ShouldBeNull();
        (await ping.FindTenantAsync("../../../../etc/passwd", default)).ShouldBeNull();
        (await _keys.ListAsync("main", 10, null, default)).Keys.ShouldHaveSingleItem().Kind.ShouldBe(KeyKind.Ping);

        (await ping.RevokeAsync("main", made.Key.Id, default)).ShouldBeTrue();
        (await ping.FindTenantAsync(made.Text, default)).ShouldBeNull();
    }

    EventLog Log() => new(_blobs.Client(), _clock);

    Task<NewKey> CreateAsync() => _keys.CreateAsync("main", "nightly", Role.Reader, Scopes.Read | Scopes.Ping, "admin", _clock.GetUtcNow(), default);
}
