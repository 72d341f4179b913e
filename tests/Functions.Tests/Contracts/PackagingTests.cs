using System.IO.Compression;
using System.Runtime.Versioning;
using System.Text.Json;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Contracts;

[UnsupportedOSPlatform("windows")]
[Trait("Size", "Large")]
[Collection(PublishedApp.Collection)]
public sealed class PackagingTests(PublishedApp published) : IDisposable
{
    static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(20);

    readonly string temporary = Directory.CreateTempSubdirectory("watchdesk-package").FullName;

    [Fact]
    public void Publish_makes_a_script_root()
    {
        var executable = JsonElement.Parse(File.ReadAllText(Path.Combine(published.Root, "host.json"))).GetProperty("customHandler").GetProperty("description").GetProperty("defaultExecutablePath").GetString()!;

        File.GetUnixFileMode(Path.Combine(published.Root, executable)).HasFlag(UnixFileMode.UserExecute).ShouldBeTrue();
        File.Exists(Path.Combine(published.Root, "local.settings.json")).ShouldBeFalse();
        var functions = Directory.EnumerateFiles(published.Root, "function.json", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(published.Root, file)).ToList();
        functions.ShouldContain("Web/function.json");
        functions.ShouldContain("Tick/function.json");
        foreach (var function in functions)
        {
            function.Split('/').Length.ShouldBe(2, function);
            Directory.EnumerateFileSystemEntries(Path.Combine(published.Root, Path.GetDirectoryName(function)!)).Count().ShouldBe(1, function);
        }
    }

    [Fact]
    public void Every_function_of_the_sources_is_published()
    {
        var sources = Repository.Files("functions", "*.function.json").Select(file => Path.GetFileName(file).Replace(".function.json", "", StringComparison.Ordinal));
        var folders = Directory.EnumerateFiles(published.Root, "function.json", SearchOption.AllDirectories).Select(file => Path.GetFileName(Path.GetDirectoryName(file))!);

        folders.ShouldBe(sources, ignoreOrder: true);
    }

    [Fact]
    public async Task Zip_made_here_keeps_the_executable_bit_and_runs_from_a_read_only_mount()
    {
        var zip = Path.Combine(temporary, "app.zip");
        await ZipFile.CreateFromDirectoryAsync(published.Root, zip);
        var mount = Path.Combine(temporary, "mount");
        await ZipFile.ExtractToDirectoryAsync(zip, mount);
        foreach (var folder in Directory.EnumerateDirectories(mount, "*", SearchOption.AllDirectories).Append(mount))
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        await using var host = await PlayedHost.StartAsync(mount);

        host.Process.HasExited.ShouldBeFalse();
        foreach (var folder in Directory.EnumerateDirectories(mount, "*", SearchOption.AllDirectories).Append(mount))
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public async Task Port_that_is_taken_ends_the_process_with_an_error()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;

        await using var process = ChildProcess.Start(Path.Combine(published.Root, "watchdesk"), [], new Dictionary<string, string>(StringComparer.Ordinal) { ["FUNCTIONS_CUSTOMHANDLER_PORT"] = $"{port}" });

        (await process.ExitAsync(EndLimit)).ShouldNotBe(0);
        process.Output.ShouldContain("in use");
    }

    [Theory]
    [InlineData("--colour", "--colour")]
    [InlineData("--port=x", "--port")]
    public async Task Wrong_command_line_ends_with_2_and_names_the_switch(string argument, string named)
    {
        await using var process = ChildProcess.Start(Path.Combine(published.Root, "watchdesk"), [argument]);

        (await process.ExitAsync(EndLimit)).ShouldBe(2);
        process.Output.ShouldContain(named);
    }

    public void Dispose() => Directory.Delete(temporary, recursive: true);
}
