using System.Globalization;

namespace Watchdesk.Benchmarks;

/// <summary>A small table: what was measured, its value, its goal.</summary>
sealed class Figures
{
    const int NameWidth = 62;
    const int ValueWidth = 16;

    public Figures(string title) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"\n{title}\n{"",-NameWidth}{"measured",ValueWidth}  goal"));

    /// <summary>A value that has no goal of its own.</summary>
    public void Add(string name, string value) => Line(name, value, "");

    public void AtLeast(string name, double value, double goal, string unit = "") =>
        Line(name, Text(value) + unit, $"at least {Text(goal)}{unit}  {Verdict(value >= goal)}");

    public void AtMost(string name, double value, double goal, string unit = "") =>
        Line(name, Text(value) + unit, $"at most {Text(goal)}{unit}  {Verdict(value <= goal)}");

    public void Holds(string name, bool holds, string value, string goal) => Line(name, value, $"{goal}  {Verdict(holds)}");

    public static string Text(double value) => value.ToString(Math.Abs(value) switch { >= 100 => "N0", >= 10 => "0.#", _ => "0.##" }, CultureInfo.InvariantCulture);

    static string Verdict(bool isMet) => isMet ? "PASS" : "below";

    static void Line(string name, string value, string goal) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-NameWidth}{value,ValueWidth}  {goal}").TrimEnd());
}
