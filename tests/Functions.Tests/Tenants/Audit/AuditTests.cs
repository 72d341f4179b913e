using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Clients;
using Watchdesk.Tenants.Audit;
using Watchdesk.Tests.Support;
using Watchdesk.Tests.Tenants.People;

namespace Watchdesk.Tests.Tenants.Audit;

[Trait("Demand", "S3-P")]
public sealed class AuditTests : IAsyncLifetime
{
    TestApp _app = null!;
    HttpClient _admin = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        _admin = await _app.SignedInAsync();
    }

    public async Task DisposeAsync()
    {
        _admin.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Every_request_leaves_who_what_and_how_it_went_and_nothing_secret()
    {
        using var nobody = _app.Anonymous();
        await nobody.GetAsync("/badge/0123456789012345678901?token=hidden");
        await _admin.PostAsync("/api/v1/keys?next=hidden", PeopleCalls.Json("""{"name":"body of it","scopes":["read"]}"""));
        await _admin.GetAsync("/api/v1/jobs/none");
        await nobody.GetAsync("/ping/0123456789012345678901/x");
        await nobody.GetAsync("/health");
        await _app.TickAsync();

        var items = (await _admin.CallAsync("GET", "/api/v1/audit")).Body.GetProperty("items").EnumerateArray().Select(item =>
            $"{item.GetProperty("who").GetString()} {item.GetProperty("method").GetString()} {item.GetProperty("route").GetString()} {(item.TryGetProperty("path", out var path) ? path.GetString() : "-")} {item.GetProperty("status").GetInt32()}").ToList();

        items.ShouldBe(
            [" GET /badge/{secret} - 404", "key test POST /api/v1/keys /api/v1/keys 201", "key test GET /api/v1/jobs/{job} /api/v1/jobs/none 404"], ignoreOrder: true);
        var stored = string.Join('\n', _app.Tables.Rows(Tables.Audit).SelectMany(row => row.Values.Values));
        stored.ShouldNotContain("hidden");
        stored.ShouldNotContain("body of it");
        stored.ShouldNotContain("0123456789012345678901");
    }

    [Fact]
    public async Task It_is_filtered_by_person_and_time_and_paged_over_months()
    {
        for (var n = 0; n < 5; n++)
        {
            await _admin.GetAsync("/api/v1/jobs");
            _app.Clock.Advance(TimeSpan.FromDays(10));
        }

        var seen = new List<string>();
        string? next = null;
        do
        {
            var (_, page) = await _admin.CallAsync("GET", $"/api/v1/audit?limit=2&from=2026-11-01T00:00:00Z&to=2026-12-25T00:00:00Z{(next is null ? "" : "&next=" + Uri.EscapeDataString(next))}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("at").GetString()![..10]));
            next = page.TryGetProperty("next", out var more) ? more.GetString() : null;
        }
        while (next is not null);

        seen.ShouldBe(["2026-12-20", "2026-12-10", "2026-11-30", "2026-11-20"]);
        (await _admin.CallAsync("GET", "/api/v1/audit?who=nobody@example.org&from=2026-11-01T00:00:00Z")).Body.GetProperty("items").GetArrayLength().ShouldBe(0);
        (await _admin.CallAsync("GET", "/api/v1/audit?from=x")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await _admin.CallAsync("GET", "/api/v1/audit?next=../x")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_thousand_requests_are_ten_writes_and_what_storage_refuses_waits()
    {
        var trail = _app.Services.GetRequiredService<AuditTrail>();
        var isAway = true;
        _app.Tables.BeforeWrite = (table, _) =>
        {
            if (table == Tables.Audit && isAway)
            {
                throw new RemoteCallException("Table", "POST /audit", 503, null, isTransient: true);
            }
        };
        var now = _app.Clock.GetUtcNow();
        for (var n = 0; n < 1000; n++)
        {
            trail.Add(new AuditEntry("main", Keys.NewId(now), now, "eve", "1", "GET", "/jobs", "/jobs", 200, TimeSpan.FromMilliseconds(n), TimeSpan.Zero, "r", "::1"));
        }

        await trail.FlushAsync(default);
        _app.Tables.Rows(Tables.Audit).ShouldBeEmpty();
        isAway = false;
        _app.Tables.ResetCounts();
        await trail.FlushAsync(default);

        _app.Tables.CountsOf(Tables.Audit).Writes.ShouldBe(10);
        _app.Tables.Rows(Tables.Audit).Count.ShouldBe(1000);
        await trail.FlushAsync(default);
        _app.Tables.CountsOf(Tables.Audit).Writes.ShouldBe(10);
    }

    [Fact]
    public async Task The_writer_writes_what_came_and_the_rest_at_the_end()
    {
        var trail = _app.Services.GetRequiredService<AuditTrail>();
        using var writer = new AuditWriter(trail, TimeProvider.System);
        await writer.StartAsync(default);
        await _admin.GetAsync("/api/v1/jobs");

        await writer.StopAsync(default);

        _app.Tables.Rows(Tables.Audit).Count.ShouldBe(1);
    }

    [Fact]
    [Trait("Demand", "S3-M1")]
    [Trait("Demand", "S3-M2")]
    [Trait("Demand", "S3-M3")]
    [Trait("Demand", "S3-M4")]
    public void The_summary_tells_response_processing_throughput_and_reports_by_route_and_channel()
    {
        var at = DateTimeOffset.UnixEpoch;
        AuditEntry Of(string route, int milliseconds, int status = 200) =>
            new("main", "1", at, "", "", "GET", route, null, status, TimeSpan.FromMilliseconds(milliseconds), TimeSpan.FromMilliseconds(milliseconds / 2.0), "", "");

        var summary = AuditSummary.Of([.. Enumerable.Range(1, 100).Select(n => Of("/api/v1/jobs", n)), Of("/reports", 40, 503)], at, at.AddSeconds(100), isPartial: false);

        summary.Channels.Select(channel => (channel.Name, channel.Requests)).ShouldBe([("api", 100), ("web", 1)]);
        var jobs = summary.Routes[0];
        (jobs.Name, jobs.PerSecond, jobs.ResponseMean, jobs.ResponseP50, jobs.ResponseP95, jobs.ResponseMax, jobs.ProcessingMean).ShouldBe(("GET /api/v1/jobs", 1, 50.5, 50, 95, 100, 25.25));
        (summary.Routes[1].IsReport, summary.Routes[1].Failed).ShouldBe((true, 1));
    }

    [Fact]
    public async Task A_month_goes_two_years_after_its_end()
    {
        await _admin.GetAsync("/api/v1/jobs");
        await _app.Services.GetRequiredService<AuditTrail>().FlushAsync(default);
        _app.Clock.Set(new DateTimeOffset(2028, 11, 30, 23, 59, 50, TimeSpan.Zero));
        await _app.TickAsync();
        _app.Tables.Rows(Tables.Audit).ShouldNotBeEmpty();

        _app.Clock.Advance(TimeSpan.FromMinutes(1));
        await TickUntilDoneAsync();

        _app.Tables.Rows(Tables.Audit).ShouldBeEmpty();
    }

    async Task TickUntilDoneAsync()
    {
        for (var n = 0; n < 20 && _app.Tables.Rows(Tables.Audit).Count > 0; n++)
        {
            await _app.TickAsync();
            _app.Clock.Advance(TimeSpan.FromSeconds(10));
        }
    }
}
