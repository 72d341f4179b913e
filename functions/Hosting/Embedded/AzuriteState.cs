using System.Text.Json;
using System.Text.Json.Serialization;

namespace Watchdesk.Hosting.Embedded;

/// <summary>What <c>azurite.json</c> in the data folder says about the running processes.</summary>
/// <param name="Services">By lower-case name: table, queue, blob.</param>
sealed record AzuriteState(IReadOnlyDictionary<string, AzuriteState.Entry> Services)
{
    internal sealed record Entry(int Pid, int Port);

    public static readonly AzuriteState Empty = new(new Dictionary<string, Entry>(StringComparer.Ordinal));

    /// <summary>A file that cannot be read counts as none: the processes are then found missing and started.</summary>
    public static AzuriteState Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), AzuriteJson.Default.AzuriteState) is { Services: not null } state ? state : Empty;
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return Empty;
        }
    }

    public void Write(string path)
    {
        File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(this, AzuriteJson.Default.AzuriteState));
        File.Move(path + ".new", path, overwrite: true);
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(AzuriteState))]
sealed partial class AzuriteJson : JsonSerializerContext;
