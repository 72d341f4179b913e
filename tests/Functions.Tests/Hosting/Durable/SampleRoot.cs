namespace Watchdesk.Tests.Hosting.Durable;

public static class SampleRoot
{
    /// <summary>A script root with the desk's functions and those of the sample.</summary>
    public static void Write(string root, string? executable = null)
    {
        var hostJson = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "host.json"));
        File.WriteAllText(Path.Combine(root, "host.json"), executable is null ? hostJson : hostJson.Replace("\"watchdesk\"", $"\"{executable}\"", StringComparison.Ordinal));
        var own = Directory.EnumerateFiles(AppContext.BaseDirectory, "function.json", SearchOption.AllDirectories).Select(file => (Path.GetFileName(Path.GetDirectoryName(file))!, File.ReadAllText(file)));
        foreach (var (name, json) in own.Concat(SampleOrders.Functions))
        {
            Directory.CreateDirectory(Path.Combine(root, name));
            File.WriteAllText(Path.Combine(root, name, "function.json"), json);
        }
    }
}
