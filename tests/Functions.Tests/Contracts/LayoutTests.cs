using System.Text.RegularExpressions;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Contracts;

/// <summary>The layout rules, read from the sources.</summary>
public sealed partial class LayoutTests
{
    const int LongestFile = 200;

    static readonly IReadOnlyList<string> Product = Repository.Files("functions", "*.cs");
    static readonly IReadOnlyList<string> Tests = Repository.Files("tests/Functions.Tests", "*.cs");

    /// <summary>Which rooms the files of a room may name. Pages and Chat may name every room; nobody names those two.</summary>
    static readonly Dictionary<string, string[]> MayUse = new(StringComparer.Ordinal)
    {
        ["Client"] = [],
        ["Hosting"] = ["Clients"],
        ["Clients"] = ["Hosting"],
        ["Tenants"] = ["Clients", "Hosting"],
        ["Schedules"] = ["Clients", "Hosting"],
        ["Notices"] = ["Clients", "Hosting", "Tenants", "Schedules"],
        ["Incidents"] = ["Clients", "Hosting", "Tenants", "Schedules", "Notices"],
        ["Heartbeats"] = ["Clients", "Hosting", "Tenants", "Schedules", "Incidents"],
        ["Configuration"] = ["Clients", "Hosting", "Tenants", "Schedules", "Notices", "Incidents", "Heartbeats", "Metrics", "Mail"],
        ["Metrics"] = ["Clients", "Hosting", "Tenants", "Schedules", "Notices", "Incidents", "Heartbeats"],
        ["Mail"] = ["Clients", "Hosting", "Tenants", "Schedules", "Notices", "Incidents", "Heartbeats"],
        ["Operations"] = ["Clients", "Hosting", "Tenants", "Schedules", "Notices", "Incidents", "Heartbeats"],
        ["Pages"] = ["Clients", "Hosting", "Tenants", "Schedules", "Notices", "Incidents", "Heartbeats", "Metrics", "Mail", "Operations"],
    };

    [Fact]
    public void The_top_level_holds_only_what_it_may()
    {
        string[] folders = ["functions", "infra", "tests", "TestResults", "BenchmarkDotNet.Artifacts"];
        string[] files =
        [
            "Functions.sln", "azure.yaml", "README.md", "CHANGELOG.md", "LICENSE", "local.settings.sample.json", "local.settings.json",
            "BannedSymbols.txt", "Directory.Build.props", "Directory.Packages.props", "global.json", "traceability.csv",
        ];

        Directory.EnumerateDirectories(Repository.Root).Select(Path.GetFileName).Where(IsVisible).Except(folders).ShouldBeEmpty();
        Directory.EnumerateFiles(Repository.Root).Select(Path.GetFileName).Where(IsVisible).Except(files).ShouldBeEmpty();
    }

    [Fact]
    public void A_file_has_at_most_200_lines()
    {
        var tooLong = Product.Where(file => File.ReadLines(Repository.At(file)).Count() > LongestFile);

        tooLong.ShouldBeEmpty();
    }

    [Fact]
    public void A_namespace_is_its_folder()
    {
        var wrong = Product.Concat(Tests)
            .Select(file => (file, declared: NamespaceLine().Match(Repository.Read(file)).Groups["name"].Value))
            .Where(x => x.declared.Length > 0 && x.declared != ExpectedNamespace(x.file) && !x.file.EndsWith("/Polyfills.cs", StringComparison.Ordinal))
            .Select(x => $"{x.file} says {x.declared}");

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Every_room_has_its_place_in_the_order()
    {
        var rooms = Product.Select(Room).OfType<string>().Distinct();

        rooms.Except(MayUse.Keys).ShouldBeEmpty();
    }

    [Fact]
    public void Rooms_depend_in_one_direction()
    {
        var wrong =
            from file in Repository.Files("functions", "*.cs").Concat(Repository.Files("functions", "*.razor"))
            let room = Room(file)
            where room is not null && MayUse.ContainsKey(room)
            from used in UsedRooms(file)
            where used != room && !MayUse[room].Contains(used, StringComparer.Ordinal)
            select $"{file} uses {used}";

        wrong.Distinct().ShouldBeEmpty();
    }

    /// <summary>Rows of one table have one owner; by design <c>pings</c> is the directory of jobs and ping keys, <c>meta</c> one row per name.</summary>
    [Fact]
    public void A_table_belongs_to_one_room()
    {
        var shared =
            from file in Product
            let room = Room(file)
            where room is not null and not "Clients"
            from Match match in TableName().Matches(Repository.Read(file))
            let table = match.Groups["table"].Value
            where table is not ("All" or "Pings" or "Meta")
            group room by table into rooms
            where rooms.Distinct().Count() > 1
            select $"{rooms.Key}: {string.Join(", ", rooms.Distinct())}";

        shared.ShouldBeEmpty();
    }

    /// <summary>Parse, one call, answer: a file that maps a route leaves keys and rows to a store.</summary>
    [Fact]
    public void A_file_with_a_route_touches_no_table()
    {
        var wrong = Product.Where(file => Room(file) is not (null or "Hosting"))
            .Where(file => Repository.Read(file) is var text && RouteMapping().IsMatch(text) && text.Contains("ITables", StringComparison.Ordinal));

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Program_is_a_table_of_contents() =>
        File.ReadLines(Repository.At("functions/Program.cs")).Count().ShouldBeLessThanOrEqualTo(60);

    [Fact]
    public void Shell_scripts_can_be_executed()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.GetUnixFileMode(Repository.At("tests/run")).HasFlag(UnixFileMode.UserExecute).ShouldBeTrue();
    }

    static bool IsVisible(string? name) => name is not null && !name.StartsWith('.');

    /// <summary>The folder below functions/, or null for a file that wires the rooms together.</summary>
    static string? Room(string file) => file.Split('/') is ["functions", var room, _, ..] ? room : null;

    static IEnumerable<string> UsedRooms(string file) =>
        UsedNamespace().Matches(Repository.Read(file)).Select(match => match.Groups["room"].Value).Where(MayUse.ContainsKey);

    static string ExpectedNamespace(string file)
    {
        var folder = Path.GetDirectoryName(file)!.Replace('\\', '/');
        return folder.StartsWith("functions", StringComparison.Ordinal)
            ? $"Watchdesk{folder["functions".Length..].Replace('/', '.')}"
            : $"Watchdesk.Tests{folder["tests/Functions.Tests".Length..].Replace('/', '.')}";
    }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"\bTables\.(?<table>[A-Z]\w+)\b(?!\()", RegexOptions.CultureInvariant)]
    private static partial Regex TableName();

    [GeneratedRegex(@"\.Map(Get|Post|Put|Patch|Delete|Methods|Trigger)\(", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex RouteMapping();

    [GeneratedRegex(@"(?<!namespace )\bWatchdesk\.(?<room>\w+)", RegexOptions.CultureInvariant)]
    private static partial Regex UsedNamespace();
}
