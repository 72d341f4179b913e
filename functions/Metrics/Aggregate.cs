using System.Globalization;

namespace Watchdesk.Metrics;

/// <summary>How many values become one: <c>P0</c> … <c>P100</c>, <c>AVG</c>, <c>MIN</c>, <c>MAX</c>, <c>SUM</c>, <c>COUNT</c>; case does not matter.</summary>
public readonly record struct Aggregate
{
    public const string Known = "P0 to P100, AVG, MIN, MAX, SUM or COUNT";

    readonly string _word;
    readonly int _percentile;

    Aggregate(string word, int percentile) => (_word, _percentile) = (word, percentile);

    public static Aggregate Average => new("AVG", 0);

    public static Aggregate Percentile(int percentile) => new(string.Create(CultureInfo.InvariantCulture, $"P{percentile}"), percentile);

    /// <summary>Null for another word.</summary>
    public static Aggregate? Parse(string? text)
    {
        var word = text?.ToUpperInvariant();
        return word switch
        {
            "AVG" or "MIN" or "MAX" or "SUM" or "COUNT" => new Aggregate(word, 0),
            ['P', .. var digits] when digits.Length <= 3 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var percentile) && percentile <= 100 => Percentile(percentile),
            _ => null,
        };
    }

    /// <param name="sketch">Not empty.</param>
    public double Of(Sketch sketch) => _word switch
    {
        "AVG" => sketch.Sum / sketch.Count,
        "MIN" => sketch.Min,
        "MAX" => sketch.Max,
        "SUM" => sketch.Sum,
        "COUNT" => sketch.Count,
        _ => sketch.Percentile(_percentile),
    };

    public override string ToString() => _word;
}
