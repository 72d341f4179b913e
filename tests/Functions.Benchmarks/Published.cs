using System.Diagnostics;
using Watchdesk.Tests.Support;

namespace Watchdesk.Benchmarks;

/// <summary>The desk and the least Kestrel as they would be deployed: self-contained and compiled ahead.</summary>
static class Published
{
    static readonly string Folder = Path.Combine(Path.GetTempPath(), $"watchdesk-published-{Environment.UserName}");
    static readonly HashSet<string> Done = [];

    /// <summary>WATCHDESK_PUBLISHED=keep measures what was published last.</summary>
    static readonly bool Keeps = Environment.GetEnvironmentVariable("WATCHDESK_PUBLISHED") == "keep";

    public static Task<string> DeskAsync() => PublishAsync("desk", "functions/Functions.csproj", "watchdesk");

    public static Task<string> KestrelAsync() => PublishAsync("kestrel", "tests/Functions.Benchmarks/LeastKestrel/LeastKestrel.cs", "LeastKestrel");

    public static Task<string> DeskAsOneFileAsync() => PublishAsync("desk-one-file", "functions/Functions.csproj", "watchdesk", "-p:PublishSingleFile=true", "-p:NuGetLockFilePath=" + Path.Combine(Folder, "one-file.lock.json"));

    public static Task<string> KestrelAsOneFileAsync() => PublishAsync("kestrel-one-file", "tests/Functions.Benchmarks/LeastKestrel/LeastKestrel.cs", "LeastKestrel", "-p:PublishSingleFile=true");

    /// <summary>The path of the program.</summary>
    static async Task<string> PublishAsync(string name, string project, string program, params string[] properties)
    {
        var output = Path.Combine(Folder, name);
        if (Done.Add(name) && !(Keeps && File.Exists(Path.Combine(output, program))))
        {
            Console.WriteLine($"publishing {name} …");
            using var publish = Process.Start(new ProcessStartInfo("dotnet", ["publish", Repository.At(project), "-c", "Release", "-o", output, "-v", "quiet", "-nologo", .. properties])
            {
                WorkingDirectory = Repository.Root,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            })!;
            var said = await publish.StandardOutput.ReadToEndAsync();
            await publish.WaitForExitAsync();
            if (publish.ExitCode != 0)
            {
                throw new InvalidOperationException($"{project} could not be published:\n{said}");
            }
        }

        return Path.Combine(output, program);
    }
}
