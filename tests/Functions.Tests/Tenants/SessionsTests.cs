using System.Net;
using Watchdesk.Clients;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Tenants;

public sealed class SessionsTests : IAsyncLifetime
{
    TenantsApp _app = null!;
    User _admin = null!;

    public async Task InitializeAsync()
    {
        _app = await TenantsApp.StartAsync();
        _admin = (await _app.Get<UserStore>().FindAsync("admin", default))!;
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task An_ended_session_is_refused_at_once()
    {
        var token = await _app.Get<Sessions>().BeginAsync(_admin, _app.Now, default);
        (await StatusAsync(token)).ShouldBe(HttpStatusCode.OK);

        await _app.Get<Sessions>().EndAsync(Keys.Hash(token), default);

        (await StatusAsync(token)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Sessions_that_began_before_the_users_mark_are_over()
    {
        var token = await _app.Get<Sessions>().BeginAsync(_admin, _app.Now, default);
        _app.Clock.Advance(TimeSpan.FromMinutes(1));
        await _app.Get<UserStore>().ChangeAsync(_admin.Tenant, _admin.Id, user => user with { SessionsFrom = _app.Now }, default);
        var newer = await _app.Get<Sessions>().BeginAsync(_admin, _app.Now, default);

        (await StatusAsync(token)).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(newer)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_session_lasts_fourteen_days_and_its_row_goes()
    {
        var token = await _app.Get<Sessions>().BeginAsync(_admin, _app.Now, default);

        _app.Clock.Advance(Sessions.Lasts - TimeSpan.FromTicks(1));
        (await StatusAsync(token)).ShouldBe(HttpStatusCode.OK);
        _app.Clock.Advance(TimeSpan.FromTicks(1));
        (await StatusAsync(token)).ShouldBe(HttpStatusCode.Unauthorized);
        _app.Tables.Rows(Tables.Sessions).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_table_does_not_hold_the_cookie()
    {
        var token = await _app.Get<Sessions>().BeginAsync(_admin, _app.Now, default);

        Dump.Of(_app.Tables).ShouldNotContain(token);
    }

    async Task<HttpStatusCode> StatusAsync(string token) => (await _app.SendAsync("GET", "/api/v1/read", cookie: "wd=" + token)).StatusCode;
}

/// <summary>Everything that the tables hold, as text.</summary>
static class Dump
{
    public static string Of(MemoryTables tables) => string.Join('\n', Tables.All.SelectMany(tables.Rows).SelectMany(row =>
        row.Values.Select(value => $"{row.PartitionKey} {row.RowKey} {value.Key} {(value.Value is byte[] bytes ? System.Text.Encoding.UTF8.GetString(bytes) : value.Value)}")));
}
