using System.Text.Json;

namespace Watchdesk.Operations.Runners;

/// <summary>
/// Files of this machine that say which changing commands were begun. A program cannot be told that it comes a second time, so a
/// command that was interrupted together with the desk is not run again: somebody has to look.
/// </summary>
sealed class Claims(string folder, TimeProvider clock)
{
    static readonly TimeSpan Kept = TimeSpan.FromDays(14);

    readonly Lazy<string> files = new(() =>
    {
        var path = Directory.CreateDirectory(Path.Combine(folder, "begun")).FullName;
        foreach (var old in Directory.EnumerateFiles(path).Where(file => clock.GetUtcNow().UtcDateTime - File.GetLastWriteTimeUtc(file) > Kept))
        {
            File.Delete(old);
        }

        return path;
    });

    /// <summary>True when this call is the first. Else what the first came to, or null when nobody knows.</summary>
    public async Task<(bool IsFirst, StepResult? Result)> BeginAsync(string key, CancellationToken cancellationToken)
    {
        var file = Path.Combine(files.Value, key);
        try
        {
            await using var made = new FileStream(file, FileMode.CreateNew);
            return (true, null);
        }
        catch (IOException) when (File.Exists(file))
        {
            var text = await File.ReadAllTextAsync(file, cancellationToken);
            return (false, text.Length == 0 ? null : JsonSerializer.Deserialize(text, RunnersJson.Default.StepResult));
        }
    }

    public Task EndAsync(string key, StepResult result, CancellationToken cancellationToken) =>
        File.WriteAllTextAsync(Path.Combine(files.Value, key), JsonSerializer.Serialize(result, RunnersJson.Default.StepResult), cancellationToken);
}
