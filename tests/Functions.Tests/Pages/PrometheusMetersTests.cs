using System.Diagnostics.Metrics;
using System.Text;
using Watchdesk.Hosting;
using Watchdesk.Pages;

namespace Watchdesk.Tests.Pages;

public sealed class PrometheusMetersTests
{
    [Fact]
    public void Counters_and_durations_of_the_desk_are_summed_by_label()
    {
        using var meters = new PrometheusMeters();
        using var meter = new Meter(Telemetry.MeterName);
        using var foreign = new Meter("Other");
        var counter = meter.CreateCounter<long>("test.things");
        var histogram = meter.CreateHistogram<double>("test.took", "s");

        counter.Add(2);
        counter.Add(3);
        histogram.Record(0.5, new KeyValuePair<string, object?>("a.b", "x\"y"));
        histogram.Record(0.25, new KeyValuePair<string, object?>("a.b", "x\"y"));
        foreign.CreateCounter<long>("test.foreign").Add(1);

        var text = new StringBuilder();
        meters.WriteTo(text);
        text.ToString().ShouldContain("# TYPE test_things_total counter\ntest_things_total 5\n");
        text.ToString().ShouldContain("test_took_seconds_sum{a_b=\"x\\\"y\"} 0.75\ntest_took_seconds_count{a_b=\"x\\\"y\"} 2\n");
        text.ToString().ShouldNotContain("test_foreign");
    }
}
