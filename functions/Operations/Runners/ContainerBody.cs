using System.Text;
using System.Text.Json;
using Watchdesk.Hosting.Durable;

namespace Watchdesk.Operations.Runners;

/// <summary>A container group that runs one command once. Variables and files are given as secrets, which no reader of the group sees.</summary>
static class ContainerBody
{
    public static string Of(ProgramCall call, string location, string tenant) => DurableJson.Text(json =>
    {
        json.WriteStartObject();
        json.WriteString("location"u8, location);
        json.WriteStartObject("tags"u8);
        json.WriteString("watchdesk-tenant"u8, tenant);
        json.WriteEndObject();
        json.WriteStartObject("properties"u8);
        json.WriteString("osType"u8, "Linux");
        json.WriteString("sku"u8, "Standard");
        json.WriteString("restartPolicy"u8, "Never");
        json.WriteStartArray("initContainers"u8);
        for (var n = 0; n < call.Before.Count; n++)
        {
            WriteContainer(json, call, $"before{n}", call.Before[n], isInit: true);
        }

        json.WriteEndArray();
        json.WriteStartArray("containers"u8);
        WriteContainer(json, call, "run", call.Arguments, isInit: false);
        json.WriteEndArray();
        WriteVolumes(json, call);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    static void WriteContainer(Utf8JsonWriter json, ProgramCall call, string name, IReadOnlyList<string> arguments, bool isInit)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        json.WriteStartObject("properties"u8);
        json.WriteString("image"u8, call.Image);
        json.WriteStartArray("command"u8);
        foreach (var word in arguments.Prepend(call.Program))
        {
            json.WriteStringValue(word);
        }

        json.WriteEndArray();
        json.WriteStartArray("environmentVariables"u8);
        foreach (var (variable, value) in call.Environment.Where(variable => variable.Value.Length > 0))
        {
            json.WriteStartObject();
            json.WriteString("name"u8, variable);
            json.WriteString("secureValue"u8, value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("volumeMounts"u8);
        WriteMount(json, "home", call.Home);
        foreach (var folder in Folders(call))
        {
            WriteMount(json, VolumeOf(folder.Key), $"{call.Home}/{folder.Key}");
        }

        json.WriteEndArray();
        if (!isInit)
        {
            json.WriteStartObject("resources"u8);
            json.WriteStartObject("requests"u8);
            json.WriteNumber("cpu"u8, 1);
            json.WriteNumber("memoryInGB"u8, 1.5);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    static void WriteVolumes(Utf8JsonWriter json, ProgramCall call)
    {
        json.WriteStartArray("volumes"u8);
        json.WriteStartObject();
        json.WriteString("name"u8, "home");
        json.WriteStartObject("emptyDir"u8);
        json.WriteEndObject();
        json.WriteEndObject();
        foreach (var folder in Folders(call))
        {
            json.WriteStartObject();
            json.WriteString("name"u8, VolumeOf(folder.Key));
            json.WriteStartObject("secret"u8);
            foreach (var (path, text) in folder)
            {
                json.WriteString(Path.GetFileName(path), Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void WriteMount(Utf8JsonWriter json, string volume, string path)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, volume);
        json.WriteString("mountPath"u8, path);
        json.WriteEndObject();
    }

    static IEnumerable<IGrouping<string, KeyValuePair<string, string>>> Folders(ProgramCall call) => call.Files.GroupBy(file => Path.GetDirectoryName(file.Key)!, StringComparer.Ordinal);

    static string VolumeOf(string folder) => "files-" + folder.TrimStart('.').ToLowerInvariant();

    static string ProgramHome(ProgramCall call) => call.Home;
}
