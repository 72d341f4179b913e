using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Metrics;

public sealed class OtlpTests : IAsyncLifetime
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
    [Trait("Demand", "S1-3")]
    public async Task Gauges_sums_and_histograms_become_points_of_the_service()
    {
        (await ExportAsync(
            """{"name":"temperature","gauge":{"dataPoints":[{"asDouble":-3.5,"timeUnixNano":"1795161600000000000"},{"asInt":"7","attributes":[{"key":"room","value":{"stringValue":"a"}},{"key":"n","value":{"intValue":"3"}}]}]}}""",
            """{"name":"requests","sum":{"aggregationTemporality":1,"isMonotonic":true,"dataPoints":[{"asInt":40},{"asInt":2}]}}""",
            """{"name":"latency","histogram":{"aggregationTemporality":"AGGREGATION_TEMPORALITY_DELTA","dataPoints":[{"count":"100","sum":1250,"min":1,"max":90,"explicitBounds":[10,20,50],"bucketCounts":["50","30","15","5"]}]}}""",
            """{"name":"size","exponentialHistogram":{"aggregationTemporality":1,"dataPoints":[{"count":6,"sum":30,"scale":0,"zeroCount":1,"positive":{"offset":1,"bucketCounts":[2,3]}}]}}"""))
            .ShouldBe("{}");

        (await ValueAsync("temperature", "MIN")).ShouldBe(-3.5);
        (await ValueAsync("temperature", "MAX")).ShouldBe(7);
        (await ValueAsync("requests", "SUM")).ShouldBe(42);
        (await ValueAsync("latency", "COUNT")).ShouldBe(100);
        (await ValueAsync("latency", "SUM")).ShouldBe(1250);
        (await ValueAsync("latency", "P0")).ShouldBe(1);
        (await ValueAsync("latency", "P60")).ShouldBe(15, 0.15);
        (await ValueAsync("latency", "P90")).ShouldBe(35, 0.35);
        (await ValueAsync("latency", "P100")).ShouldBe(90);
        (await ValueAsync("size", "COUNT")).ShouldBe(6);
        (await ValueAsync("size", "P0")).ShouldBe(0);
        (await ValueAsync("size", "P99")).ShouldBe(Math.Pow(2, 2.5), 0.06);
    }

    [Fact]
    public async Task What_cannot_be_taken_is_told_and_the_rest_is_taken()
    {
        var answer = JsonElement.Parse(await ExportAsync(
            """{"name":"cpu","gauge":{"dataPoints":[{"asDouble":1},{"asDouble":"NaN"},{"flags":1}]}}""",
            """{"name":"latency","histogram":{"aggregationTemporality":2,"dataPoints":[{"count":1,"bucketCounts":[1],"explicitBounds":[]}]}}""",
            """{"name":"odd","histogram":{"aggregationTemporality":1,"dataPoints":[{"count":1,"bucketCounts":[1,2,3],"explicitBounds":[5]}]}}""",
            """{"name":"old","summary":{"dataPoints":[]}}"""));

        var partial = answer.GetProperty("partialSuccess");
        partial.GetProperty("rejectedDataPoints").GetInt64().ShouldBe(4);
        partial.GetProperty("errorMessage").GetString()!.ShouldContain("cpu");
        (await ValueAsync("cpu", "COUNT")).ShouldBe(1);
    }

    [Fact]
    public async Task A_cumulative_counter_is_refused_and_a_level_is_taken()
    {
        var answer = JsonElement.Parse(await ExportAsync(
            """{"name":"requests","sum":{"aggregationTemporality":2,"isMonotonic":true,"dataPoints":[{"asInt":40},{"asInt":42}]}}""",
            """{"name":"sizes","exponentialHistogram":{"aggregationTemporality":"AGGREGATION_TEMPORALITY_CUMULATIVE","dataPoints":[{"count":1,"zeroCount":1}]}}""",
            """{"name":"queue","sum":{"aggregationTemporality":2,"dataPoints":[{"asInt":7}]}}"""));

        var partial = answer.GetProperty("partialSuccess");
        partial.GetProperty("rejectedDataPoints").GetInt64().ShouldBe(3);
        partial.GetProperty("errorMessage").GetString().ShouldBe(
            "requests: a cumulative sum is not taken; send deltas: OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=delta. " +
            "sizes: a cumulative exponentialHistogram is not taken; send deltas: OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=delta.");
        (await ValueAsync("queue", "MAX")).ShouldBe(7);
        (await _desk.GetAsync("/api/v1/metrics?name=requests&namespace=shop")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("\"0\"",                   "400 d ago")]
    [InlineData("1",                       "400 d ago")]
    [InlineData("\"1795161600\"",          "400 d ago")]
    [InlineData("\"1795162000000000000\"", "5 min ahead")]
    [InlineData("\"yesterday\"",           "whole number of nanoseconds")]
    public async Task A_time_that_cannot_be_is_refused_and_not_taken_for_now(string time, string reason)
    {
        var answer = JsonElement.Parse(await ExportAsync($$$"""{"name":"cpu","gauge":{"dataPoints":[{"asDouble":1,"timeUnixNano":{{{time}}}}]}}"""));

        answer.GetProperty("partialSuccess").GetProperty("errorMessage").GetString()!.ShouldContain("cpu: timeUnixNano is");
        answer.GetProperty("partialSuccess").GetProperty("errorMessage").GetString()!.ShouldContain(reason);
    }

    [Theory]
    [InlineData("application/json", "[]", 400)]
    [InlineData("application/json", "{}", 400)]
    [InlineData("application/json", "{", 400)]
    [InlineData("application/json", "{\"resourceMetrics\":[]}", 200)]
    [InlineData("application/x-protobuf", "x", 415)]
    public async Task What_is_no_export_is_refused(string type, string body, int status) =>
        ((int)(await _desk.PostAsync("/v1/metrics", new StringContent(body, Encoding.UTF8, type))).StatusCode).ShouldBe(status);

    async Task<string> ExportAsync(params string[] metrics)
    {
        var body = $$$"""{"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeMetrics":[{"scope":{"name":"x"},"metrics":[{{{string.Join(',', metrics)}}}]}]}]}""";
        var answer = await _desk.PostAsync("/v1/metrics", new StringContent(body, Encoding.UTF8, "application/json"));
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        await _app.SettleAsync();
        return text;
    }

    async Task<double> ValueAsync(string name, string aggregate)
    {
        var answer = await _desk.GetFromJsonAsync<JsonElement>($"/api/v1/metrics?name={name}&namespace=shop&aggregate={aggregate}&from=2026-11-20T07:50Z&to=2026-11-20T08:10Z&step=00:20:00");
        return answer.GetProperty("points")[0].GetProperty("value").GetDouble();
    }
}
