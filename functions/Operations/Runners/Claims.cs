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
            return (false, Read(await File.ReadAllBytesAsync(file, cancellationToken)));
        }
    }

    /// <summary>The whole result or nothing, wherever the machine stops.</summary>
    public async Task EndAsync(string key, StepResult result, CancellationToken cancellationToken)
    {
        var file = Path.Combine(files.Value, key);
        await using (var part = new FileStream(file + ".part", FileMode.Create))
        {
            await JsonSerializer.SerializeAsync(part, result, RunnersJson.Default.StepResult, cancellationToken);
            part.Flush(flushToDisk: true);
        }

        File.Move(file + ".part", file, overwrite: true);
    }

    /// <summary>Null for what is empty, or was cut by a disk that failed.</summary>
    static StepResult? Read(byte[] text)
    {
        try
        {
            return text.Length == 0 ? null : JsonSerializer.Deserialize(text, RunnersJson.Default.StepResult);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
