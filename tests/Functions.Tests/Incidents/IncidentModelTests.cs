using FsCheck;
using FsCheck.Fluent;
using Watchdesk.Incidents;

namespace Watchdesk.Tests.Incidents;

/// <summary>Any calls in any order, against the simplest model there is: the newest turn of each subject.</summary>
public sealed class IncidentModelTests
{
    static readonly DateTimeOffset Start = new(2026, 11, 20, 3, 0, 0, TimeSpan.Zero);

    static readonly Gen<Signal> Signals =
        from subject in Gen.Choose(0, 60)
        from turn in Gen.Choose(1, 12)
        from severity in Gen.Frequency((3, Gen.Choose(0, 2).Select(s => (Severity?)s)), (2, Gen.Constant((Severity?)null)))
        from isFlapping in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new Signal($"job:{subject}", $"j{subject}", turn, severity, $"turn {turn}", Start, $"web-{subject % 3}", IsFlapping: isFlapping);

    static readonly Gen<(Signal[] Signals, int Seconds, bool IsCatchUp)> Calls =
        from signals in Gen.Frequency((3, Signals.ArrayOf(3)), (1, Signals.ArrayOf(60)), (1, Signals.ArrayOf(200)))
        from seconds in Gen.Choose(0, 200)
        from isCatchUp in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
        select (signals, seconds, isCatchUp);

    [Fact]
    [Trait("Size", "Large")]
    public void A_subject_is_in_one_open_incident_when_it_is_bad_and_in_none_when_it_is_good() =>
        Prop.ForAll(Calls.ArrayOf(8).ToArbitrary(), calls => HoldsAsync(calls).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    static async Task HoldsAsync((Signal[] Signals, int Seconds, bool IsCatchUp)[] calls)
    {
        var bench = new IncidentBench();
        await bench.AddChannelAsync();
        var newest = new Dictionary<string, Signal>(StringComparer.Ordinal);
        foreach (var (signals, seconds, isCatchUp) in calls)
        {
            bench.Clock.Advance(TimeSpan.FromSeconds(seconds));

            // A source gives a turn one meaning only.
            var told = signals.DistinctBy(signal => (signal.Subject, signal.Turn)).ToList();
            await bench.Desk.TellAsync(IncidentBench.Tenant, told, bench.Now, isCatchUp, default);
            foreach (var signal in told.Where(signal => !newest.TryGetValue(signal.Subject, out var known) || signal.Turn > known.Turn))
            {
                newest[signal.Subject] = signal;
            }
        }

        await CheckAsync(bench, newest);
    }

    static async Task CheckAsync(IncidentBench bench, Dictionary<string, Signal> newest)
    {
        var open = (await bench.OpenAsync()).ToDictionary(incident => incident.Id, StringComparer.Ordinal);
        var members = bench.Rows("incidents", "s~").Where(row => row.Number("Severity") >= 0).ToList();
        foreach (var row in bench.Rows("incidents", "s~").Where(row => row.Text("Subject") != IncidentBook.StormSubject))
        {
            var signal = newest[row.Text("Subject")!];
            row.Number("Turn").ShouldBe(signal.Turn);
            if (signal.Severity is { } severity)
            {
                row.Number("Severity").ShouldBe((int)severity);
                open.ShouldContainKey(row.Text("Incident")!);
            }
            else if (!signal.IsFlapping)
            {
                row.Number("Severity").ShouldBe(-1);
            }
        }

        foreach (var incident in open.Values)
        {
            var causes = members.Where(row => row.Text("Incident") == incident.Id).ToList();
            incident.Causes.Total.ShouldBe(causes.Count);
            ((int)incident.Severity).ShouldBe((int)causes.Max(row => row.Number("Severity")));
            (incident.IsStorm || causes.Count == 1).ShouldBeTrue();
        }

        var stored = bench.Rows("incidents", "i~").ToList();
        stored.Count(row => row.Flag("Open")).ShouldBe(open.Count);
        stored.Count(row => !row.Flag("Open")).ShouldBe(bench.Rows("incidents", "c~").Count);
        bench.Rows("incidents", "n~").ShouldBeEmpty();
    }
}
