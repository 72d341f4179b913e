using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Watchdesk.Hosting;

namespace Watchdesk.Pages;

/// <summary>Sums what this process measured with the desk's own meter, in Prometheus' text form.</summary>
sealed class PrometheusMeters : IDisposable
{
    const int MaxSeries = 1000;

    readonly ConcurrentDictionary<(string Name, string Labels), Series> _series = new();
    readonly MeterListener _listener = new();

    public PrometheusMeters()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == Telemetry.MeterName && (instrument is Counter<long> or Histogram<double>))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public void WriteTo(StringBuilder text)
    {
        foreach (var group in _series.OrderBy(pair => pair.Key).GroupBy(pair => pair.Key.Name))
        {
            var isHistogram = group.First().Value.IsHistogram;
            text.Append(CultureInfo.InvariantCulture, $"# TYPE {group.Key} {(isHistogram ? "summary" : "counter")}\n");
            foreach (var ((name, labels), series) in group)
            {
                if (isHistogram)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{name}_sum{labels} {series.Sum}\n{name}_count{labels} {series.Count}\n");
                }
                else
                {
                    text.Append(CultureInfo.InvariantCulture, $"{name}{labels} {series.Sum}\n");
                }
            }
        }
    }

    public void Dispose() => _listener.Dispose();

    /// <summary>A label's value as the text form wants it.</summary>
    public static string Escape(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var isHistogram = instrument is Histogram<double>;
        var key = (NameOf(instrument, isHistogram), LabelsOf(tags));
        if (_series.Count < MaxSeries || _series.ContainsKey(key))
        {
            _series.GetOrAdd(key, static (_, isHistogram) => new Series(isHistogram), isHistogram).Add(value);
        }
    }

    static string NameOf(Instrument instrument, bool isHistogram) =>
        instrument.Name.Replace('.', '_') + (isHistogram ? instrument.Unit == "s" ? "_seconds" : "" : "_total");

    static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
        {
            return "";
        }

        var labels = new List<string>(tags.Length);
        foreach (var (name, value) in tags)
        {
            labels.Add($"{name.Replace('.', '_')}=\"{Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")}\"");
        }

        return "{" + string.Join(',', labels) + "}";
    }

    sealed class Series(bool isHistogram)
    {
        readonly Lock _gate = new();

        public bool IsHistogram => isHistogram;

        public double Sum { get; private set; }

        public long Count { get; private set; }

        public void Add(double value)
        {
            lock (_gate)
            {
                Sum += value;
                Count++;
            }
        }
    }
}
