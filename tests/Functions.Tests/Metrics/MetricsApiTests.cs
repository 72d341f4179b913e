using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Clients;
using Watchdesk.Heartbeats;
using Watchdesk.Metrics;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Metrics;

public sealed class MetricsApiTests : IAsyncLifetime
{
    TestApp _app = null!;
    HttpClient _desk = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        _desk = await _app.SignedInAsync();
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    [Trait("Demand", "S1-10")]
    public async Task Points_of_many_systems_are_stored_and_answered_by_the_minute()
    {
        var lines = new StringBuilder();
        for (var n = 0; n < 100; n++)
        {
            lines.AppendLine($$"""{"name":"time_taken","namespace":"Recommendation","at":"2026-11-20T07:{{30 + (n / 10)}}:{{n % 10:D2}}Z","value":{{n}},"dimensions":{"host":"web-{{n % 3}}","canary":false} }""");
        }

        lines.AppendLine("""{"name":"time_taken","namespace":"Search","at":"2026-11-20T07:30:00Z","value":5000}""");
        await SendAsync(lines.ToString(), 101);

        var answer = await QueryAsync("name=time_taken&namespace=Recommendation&aggregate=P99&from=2026-11-20T07:30:10Z&to=2026-11-20T07:39:01Z&step=00:05:00");
        Text(answer, "from").ShouldBe("2026-11-20T07:30:00+00:00");
        Text(answer, "to").ShouldBe("2026-11-20T07:40:00+00:00");
        Text(answer, "step").ShouldBe("00:05:00");
        answer.GetProperty("relativeError").GetDouble().ShouldBe(0.01);
        var points = answer.GetProperty("points").EnumerateArray().ToArray();
        points.Select(point => Text(point, "at")).ShouldBe(["2026-11-20T07:30:00+00:00", "2026-11-20T07:35:00+00:00"]);
        points.Select(point => point.GetProperty("count").GetInt64()).ShouldBe([50, 50]);
        points[0].GetProperty("value").GetDouble().ShouldBe(49, 0.49);
        points[1].GetProperty("value").GetDouble().ShouldBe(99, 0.99);
    }

    [Theory]
    [InlineData("",                                       6)]
    [InlineData("&dimension=host=a",                      3)]
    [InlineData("&dimension=host=a&dimension=route=/x=1", 1)]
    [InlineData("&dimension=host=c",                      0)]
    public async Task A_query_counts_only_values_with_the_dimensions_it_names(string query, long count)
    {
        await SendAsync("""
            [{"name":"t","value":1,"dimensions":{"host":"a","route":"/x=1"}},{"name":"t","value":1,"dimensions":{"host":"a","route":"/y"}},{"name":"t","value":1,"dimensions":{"host":"a","route":"/y"}},
             {"name":"t","value":1,"dimensions":{"host":"b"}},{"name":"t","value":1,"dimensions":{}},{"name":"t","value":1}]
            """, 6);

        var points = (await QueryAsync("name=t&aggregate=COUNT" + query)).GetProperty("points").EnumerateArray();

        points.Sum(point => point.GetProperty("count").GetInt64()).ShouldBe(count);
    }

    [Fact]
    public async Task A_dimension_that_is_no_pair_is_explained()
    {
        await SendAsync("""{"name":"t","value":1}""", 1);

        var answer = await _desk.GetAsync("/api/v1/metrics?name=t&dimension=host");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("?dimension=host=db01");
    }

    /// <summary>What curl -d sends when nothing is said; it joins the lines of a file.</summary>
    [Theory]
    [InlineData("/api/v1/metrics",    """[{"name":"t","value":1},{"name":"t","value":2}]""",                              HttpStatusCode.Accepted,   "\"accepted\":2")]
    [InlineData("/api/v1/metrics",    """{"name":"t","value":1}{"name":"t","value":2}""",                                 HttpStatusCode.BadRequest, "--data-binary")]
    [InlineData("/api/v1/heartbeats", """[{"job":"backup","kind":"start"},{"job":"backup","kind":"success"}]""",          HttpStatusCode.Accepted,   "\"accepted\":2")]
    [InlineData("/api/v1/heartbeats", """{"job":"backup","kind":"start"}{"job":"backup","kind":"success"}""",             HttpStatusCode.BadRequest, "--data-binary")]
    public async Task The_content_type_of_curl_is_read_and_joined_lines_are_explained(string path, string body, HttpStatusCode status, string said)
    {
        var answer = await _desk.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded"));

        answer.StatusCode.ShouldBe(status);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(said);
    }

    [Theory]
    [Trait("Demand", "S1-5")]
    [InlineData("P0",    1)]
    [InlineData("P50",   2)]
    [InlineData("P100",  10)]
    [InlineData("AVG",   4)]
    [InlineData("MIN",   1)]
    [InlineData("MAX",   10)]
    [InlineData("SUM",   16)]
    [InlineData("COUNT", 4)]
    public async Task Every_aggregate(string aggregate, double expected)
    {
        await SendAsync("""[{"name":"a","value":1},{"name":"a","value":2},{"name":"a","value":3},{"name":"a","value":10}]""", 4);

        var answer = await QueryAsync($"name=a&aggregate={aggregate}&from=2026-11-20T08:00:00Z&to=2026-11-20T08:01:00Z");

        answer.GetProperty("points").EnumerateArray().Single().GetProperty("value").GetDouble().ShouldBe(expected, expected * 0.01);
    }

    [Fact]
    public async Task Bad_points_are_refused_by_line_and_the_good_ones_kept()
    {
        var answer = await _desk.PostAsync("/api/v1/metrics", new StringContent(
            """
            {"name":"cpu","value":1}
            {"name":"cpu"}
            {"name":"cpu","value":"1"}
            {"name":"two words","value":1}
            {"name":"cpu","value":1,"colour":"red"}
            {"name":"cpu","value":1,"at":"yesterday"}
            {"name":"cpu","value":1,"dimensions":{"a":{"b":1}}}
            {"name":"cpu","value":1,"dimensions":{"":"x"}}
            {"name":"cpu","value":1e200}
            {"name":"cpu","value":1,"at":"2025-01-01T00:00:00Z"}
            not json
            {"name":"cpu","namespace":null,"at":null,"value":-2.5e3,"dimensions":null}
            """));

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var result = await answer.Content.ReadFromJsonAsync<JsonElement>();
        result.GetProperty("accepted").GetInt32().ShouldBe(2);
        result.GetProperty("refused").EnumerateArray().Select(line => line.GetProperty("line").GetInt32()).ShouldBe([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    }

    [Theory]
    [InlineData("1970-01-01T00:00:00Z", "more than 400 d ago")]
    [InlineData("1869-01-01T00:00:00Z", "more than 400 d ago")]
    [InlineData("2025-10-16T07:59:59Z", "more than 400 d ago")]
    [InlineData("2026-11-20T08:05:01Z", "more than 5 min ahead")]
    [InlineData("2036-01-01T00:00:00Z", "more than 5 min ahead")]
    public async Task A_point_of_another_time_is_refused_with_the_reason(string at, string reason)
    {
        var answer = await _desk.PostAsJsonAsync("/api/v1/metrics", new[] { new { name = "cpu", value = 1, at } });

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("refused")[0].GetProperty("reason").GetString()!.ShouldContain(reason);
    }

    [Theory]
    [InlineData("2025-10-17T08:00:00Z", "2025-10-17T08:00:00+00:00")]
    [InlineData("2026-11-20T06:30:30Z", "2026-11-20T06:30:00+00:00")]
    [InlineData("2026-11-20T08:04:00Z", "2026-11-20T08:00:00+00:00")]
    public async Task A_point_stands_at_its_own_time(string at, string minute)
    {
        await SendAsync($$"""{"name":"cpu","value":1,"at":"{{at}}"}""", 1);

        var answer = await QueryAsync("name=cpu&aggregate=COUNT&from=2025-10-17T00:00Z&to=2026-11-20T08:10Z&step=1.00:00:00");
        answer.GetProperty("points").GetArrayLength().ShouldBe(1);
        answer = await QueryAsync($"name=cpu&aggregate=COUNT&from={minute.Replace("+00:00", "Z")}&to={minute.Replace("00+00:00", "30Z")}");
        Text(answer.GetProperty("points")[0], "at").ShouldBe(minute);
    }

    [Theory]
    [InlineData("", "no point")]
    [InlineData("[]", "no point")]
    [InlineData("[{\"name\":\"a\"", "not a JSON array")]
    public async Task A_body_without_points_is_refused(string body, string reason)
    {
        var answer = await _desk.PostAsync("/api/v1/metrics", new StringContent(body));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(reason);
    }

    [Fact]
    public async Task Nothing_good_is_400_and_too_many_are_refused_whole()
    {
        (await _desk.PostAsync("/api/v1/metrics", new StringContent("""{"name":"cpu"}"""))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await _desk.PostAsJsonAsync("/api/v1/metrics", Enumerable.Repeat(new { name = "cpu", value = 1 }, 10_001))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await _app.SettleAsync();
        (await _desk.GetAsync("/api/v1/metrics?name=cpu")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Ten_thousand_points_of_many_metrics_count_once_although_their_message_comes_three_times()
    {
        var points = Enumerable.Range(0, 10_000).Select(n => new { name = $"m{n % 7}", at = _app.Clock.GetUtcNow().AddMinutes(-(n % 400)), value = n, dimensions = new { host = $"h{n % 30}" } });
        (await _desk.PostAsJsonAsync("/api/v1/metrics", points)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var message = _app.Queues.Waiting(Inbox.Queue).Single();
        await _app.Queues.SendAsync(Inbox.Queue, message.Body, "again", default);
        await _app.Queues.DeliverAsync(_app, Inbox.Queue);
        await _app.Queues.SendAsync(Inbox.Queue, message.Body, "late", default);
        await _app.SettleAsync();

        (await CountAsync(Enumerable.Range(0, 7).Select(n => $"m{n}"))).ShouldBe(10_000);
    }

    [Fact]
    [Trait("Size", "Large")]
    [Trait("Demand", "S3-22")]
    public async Task Points_count_once_wherever_the_process_dies()
    {
        var dies = 0;
        for (var at = 1; dies < 2; at++)
        {
            await using var app = await TestApp.StartAsync();
            var desk = await app.SignedInAsync();
            var points = Enumerable.Range(0, 300).Select(n => new { name = n % 2 == 0 ? "even" : "odd", at = app.Clock.GetUtcNow().AddMinutes(-n), value = 1, dimensions = new { host = $"h{n % 4}" } });
            (await desk.PostAsJsonAsync("/api/v1/metrics", points)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
            var (writes, isDead) = (0, false);
            void Die(string table, IReadOnlyList<TableWrite> batch)
            {
                if (Interlocked.Increment(ref writes) == at)
                {
                    isDead = true;
                    throw new RemoteCallException("tables", "write", 503, "Killed", isTransient: true);
                }
            }

            app.Tables.BeforeWrite = dies == 0 ? Die : null;
            app.Tables.AfterWrite = dies == 0 ? null : Die;
            await app.Queues.DeliverAsync(app, Inbox.Queue);
            (app.Tables.BeforeWrite, app.Tables.AfterWrite) = (null, null);
            await app.SettleAsync();

            var sums = await Task.WhenAll(new[] { "even", "odd" }.Select(name => SumAsync(app, name)));
            sums.ShouldBe([150, 150], $"died {(dies == 0 ? "before" : "after")} write {at}");
            (dies, at) = isDead ? (dies, at) : (dies + 1, 0);
        }

        static async Task<double> SumAsync(TestApp app, string name) =>
            (await app.Services.GetRequiredService<MetricQuery>().SumAsync(Tenant.Main, new MetricKey("", name), null, app.Clock.GetUtcNow().AddDays(-1), app.Clock.GetUtcNow().AddMinutes(1), default)).Sum;
    }

    [Fact]
    public async Task More_dimension_sets_than_a_metric_may_have_are_counted_together()
    {
        await SendAsync(JsonSerializer.Serialize(Enumerable.Range(0, 150).Select(n => new { name = "cpu", value = 1, dimensions = new { user = $"u{n}" } })), 150);

        (await CountAsync(["cpu"])).ShouldBe(150);
        (await _app.Services.GetRequiredService<MetricCatalog>().SetsAsync(Tenant.Main, new MetricKey("", "cpu"), default)).Count.ShouldBe(MetricCatalog.MaxSets + 1);
    }

    [Fact]
    public async Task More_metrics_than_a_tenant_may_have_are_refused_by_name()
    {
        await SendAsync(JsonSerializer.Serialize(Enumerable.Range(0, MetricCatalog.MaxMetrics).Select(n => new { name = $"m{n}", value = 1 })), MetricCatalog.MaxMetrics);

        var answer = await _desk.PostAsJsonAsync("/api/v1/metrics", new[] { new { name = "m0", value = 1 }, new { name = "more", value = 1 } });

        (await answer.Content.ReadAsStringAsync()).ShouldContain("at most 2000 metrics, and more would be one more");
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Points_are_kept_for_400_days()
    {
        await SendAsync("""[{"name":"cpu","value":1}]""", 1);
        await _app.AdvanceAsync(TimeSpan.FromDays(3));
        _app.Tables.Rows(Tables.Metrics).ShouldNotContain(row => row.RowKey.StartsWith("m~"), "markers go after two days");
        await SendAsync("""[{"name":"cpu","value":2}]""", 1);

        await _app.AdvanceAsync(TimeSpan.FromDays(399));
        (await CountAsync(["cpu"])).ShouldBe(1);
        (await _desk.GetFromJsonAsync<JsonElement>("/api/v1/metrics")).GetProperty("items").GetArrayLength().ShouldBe(1);

        await _app.AdvanceAsync(TimeSpan.FromDays(3));
        _app.Tables.Rows(Tables.Metrics).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stored_minute_is_written_without_the_others()
    {
        await SendAsync("""[{"name":"cpu","value":1}]""", 1);
        _app.Clock.Advance(TimeSpan.FromMinutes(1));
        IReadOnlyList<TableWrite> written = [];
        _app.Tables.BeforeWrite = (table, batch) => written = table == Tables.Metrics && batch.Count > 1 ? batch : written;

        await SendAsync("""[{"name":"cpu","value":2}]""", 1);

        written[0].Verb.ShouldBe(TableVerb.Merge);
        written[0].Row.Values.Keys.ShouldBe(["M01", "P"], ignoreOrder: true);
        _app.Tables.Rows(Tables.Metrics).Single(row => row.RowKey.StartsWith("2026")).Values.Keys.ShouldContain("M00");
    }

    [Theory]
    [InlineData("aggregate=P101",                                      "P0 to P100")]
    [InlineData("from=2026-11-20T09:00Z&to=2026-11-20T08:00Z",         "from must lie before to")]
    [InlineData("from=2024-11-20T09:00Z&to=2026-11-20T08:00Z",         "at most 400 days")]
    [InlineData("from=noon",                                           "from is a time")]
    [InlineData("step=5m",                                             "step is a duration")]
    [InlineData("from=2026-11-01T00:00Z&step=00:01:00",                "at most 2000 steps")]
    public async Task A_wrong_query_is_refused(string query, string reason)
    {
        var answer = await _desk.GetAsync($"/api/v1/metrics?name=cpu&{query}");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString()!.ShouldContain(reason);
    }

    async Task<long> CountAsync(IEnumerable<string> names)
    {
        var count = 0L;
        foreach (var name in names)
        {
            var answer = await QueryAsync($"name={name}&aggregate=COUNT&from={_app.Clock.GetUtcNow().AddDays(-399):O}&to={_app.Clock.GetUtcNow().AddMinutes(1):O}".Replace("+", "%2B"));
            count += answer.GetProperty("points").EnumerateArray().Sum(point => point.GetProperty("count").GetInt64());
        }

        return count;
    }

    async Task SendAsync(string body, int accepted)
    {
        var answer = await _desk.PostAsync("/api/v1/metrics", new StringContent(body));
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accepted").GetInt32().ShouldBe(accepted);
        await _app.SettleAsync();
    }

    async Task<JsonElement> QueryAsync(string query)
    {
        var answer = await _desk.GetAsync("/api/v1/metrics?" + query);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
