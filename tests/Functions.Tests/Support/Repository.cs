namespace Watchdesk.Tests.Support;

/// <summary>The sources that the tests were built from.</summary>
public static class Repository
{
    public static readonly string Root = Find();

    static readonly string[] Generated = ["bin", "obj", "node_modules", "TestResults"];

    public static string At(string path) => Path.Combine(Root, path);

    public static string Read(string path) => File.ReadAllText(At(path));

    /// <summary>Paths below <paramref name="folder"/> relative to the root, with forward slashes, without build output.</summary>
    public static IReadOnlyList<string> Files(string folder, string pattern) =>
    [
        .. Directory.EnumerateFiles(At(folder), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Intersect(Generated, StringComparer.Ordinal).Any())
            .Order(StringComparer.Ordinal),
    ];

    static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Functions.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("Functions.sln is in no folder above the tests.");
        }

        return folder.FullName;
    }
}
