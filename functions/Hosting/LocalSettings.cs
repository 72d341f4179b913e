using System.Text.Json;

namespace Watchdesk.Hosting;

/// <summary>Reads <c>Values</c> of local.settings.json beside the program, as the Functions tools do; the environment wins over it.</summary>
static class LocalSettings
{
    public static IReadOnlyDictionary<string, string?> Read(string root)
    {
        var file = Path.Combine(root, "local.settings.json");
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (!File.Exists(file))
        {
            return settings;
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            foreach (var value in document.RootElement.GetProperty("Values").EnumerateObject())
            {
                settings[value.Name.Replace("__", ":", StringComparison.Ordinal)] = value.Value.ToString();
            }

            return settings;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new CommandLineException($"local.settings.json is not a settings file with an object named Values: {error.Message}");
        }
    }
}
