using System.Diagnostics;

namespace Watchdesk.Hosting.Embedded;

/// <summary>The sample scheduler, built from the sources that this program was built from, while storage starts.</summary>
sealed class SampleBuild(LineLog lines) : IHostedLifecycleService, IDisposable
{
    const string Project = "tests/SampleScheduler";

    readonly CancellationTokenSource _stop = new();

    /// <summary>Path of the built program; null when it cannot be had, which has been said.</summary>
    public Task<string?> Program { get; private set; } = Task.FromResult<string?>(null);

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        Program = BuildAsync(_stop.Token);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => _stop.CancelAsync();

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stop.Dispose();

    public static string DotNet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    async Task<string?> BuildAsync(CancellationToken cancellationToken)
    {
        if (Root() is not { } root)
        {
            lines.Say($"Demo: {Project} is in no folder above {AppContext.BaseDirectory}. The demo needs the source tree; the desk runs without it.");
            return null;
        }

        var program = Path.Combine(root, Project, "bin", Configuration(), "net10.0", "SampleScheduler.dll");
        if (IsCurrent(program, Path.Combine(root, Project), Path.Combine(root, "functions", "Client")))
        {
            return program;
        }

        lines.Say("Demo: building the sample scheduler …");
        using var build = OtherProcess.Start(DotNet, ["build", Path.Combine(root, Project), "-c", Configuration(), "--nologo", "-v", "quiet", "--disable-build-servers"], root);
        if (build is null)
        {
            lines.Say("Demo: dotnet was not found. The desk runs without the sample scheduler.");
            return null;
        }

        return await EndAsync(build, cancellationToken) is { } problem ? Failed(problem) : program;
    }

    string? Failed(string problem)
    {
        lines.Say($"Demo: the sample scheduler could not be built. The desk runs without it.\n{problem}");
        return null;
    }

    static async Task<string?> EndAsync(Process build, CancellationToken cancellationToken)
    {
        build.StandardInput.Close();
        var output = build.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = build.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await build.WaitForExitAsync(cancellationToken);
            return build.ExitCode == 0 ? null : await output + await errors;
        }
        catch (OperationCanceledException)
        {
            build.Kill(entireProcessTree: true);
            return "The desk was stopped.";
        }
    }

    static string? Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Project, "SampleScheduler.csproj")))
            {
                return folder.FullName;
            }
        }

        return null;
    }

    /// <summary>That of this program, so that a tree that was built as a whole needs no second build.</summary>
    static string Configuration() => AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";

    static bool IsCurrent(string program, params string[] folders) => File.Exists(program)
        && folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file) is ".cs" or ".csproj" or ".targets" && !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .All(file => File.GetLastWriteTimeUtc(file) <= File.GetLastWriteTimeUtc(program));
}
