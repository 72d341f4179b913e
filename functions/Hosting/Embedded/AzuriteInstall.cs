using System.Security.Cryptography;

namespace Watchdesk.Hosting.Embedded;

/// <summary>Installs Azurite once per user and version, from the lock file that ships with the desk.</summary>
static class AzuriteInstall
{
    const string Version = "3.37.0";
    const string Advice =
        "The desk keeps its trial data in the storage emulator Azurite, which needs Node.js 20 or later with npm. " +
        "Install them (on Debian: apt-get install nodejs npm), or set AzureWebJobsStorage to a storage account.";

    /// <summary>Package, lock and start files beside the program.</summary>
    public static string Files => Path.Combine(AppContext.BaseDirectory, "azurite");

    /// <summary>Returns the folder that holds node_modules.</summary>
    /// <exception cref="InvalidOperationException">Says what to install.</exception>
    public static async Task<string> EnsureAsync(string cache, TimeProvider clock, Action<string> progress, CancellationToken cancellationToken)
    {
        var target = Path.Combine(cache, $"azurite-{Version}-{LockHash()}");
        if (Directory.Exists(target))
        {
            return target;
        }

        Directory.CreateDirectory(cache);
        await using var turn = await TakeTurnAsync(Path.Combine(cache, "azurite.lock"), clock, progress, cancellationToken);
        if (!Directory.Exists(target))
        {
            await InstallAsync(cache, target, progress, cancellationToken);
        }

        return target;
    }

    public static string UserCache()
    {
        var root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        root = string.IsNullOrEmpty(root) ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache") : root;
        return Path.Combine(root, "watchdesk");
    }

    public static InvalidOperationException NodeMissing() => new("Node.js was not found. " + Advice);

    static string LockHash() => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Files, "package-lock.json"))))[..12];

    /// <summary>Into a folder of its own first: one with the final name is always whole.</summary>
    static async Task InstallAsync(string cache, string target, Action<string> progress, CancellationToken cancellationToken)
    {
        foreach (var left in Directory.EnumerateDirectories(cache, "installing-*"))
        {
            Directory.Delete(left, recursive: true);
        }

        progress($"Installing the storage emulator Azurite {Version}, once, into {target} (about 365 MB) …");
        var folder = Directory.CreateDirectory(Path.Combine(cache, "installing-" + Guid.NewGuid().ToString("N"))).FullName;
        foreach (var file in (ReadOnlySpan<string>)["package.json", "package-lock.json", ".npmrc"])
        {
            File.Copy(Path.Combine(Files, file), Path.Combine(folder, file));
        }

        using var npm = OtherProcess.Start("npm", ["ci", "--ignore-scripts", "--loglevel=error"], folder) ?? throw new InvalidOperationException("npm was not found. " + Advice);
        npm.StandardInput.Close();
        var output = npm.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = npm.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await npm.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            npm.Kill(entireProcessTree: true);
            throw;
        }

        if (npm.ExitCode != 0)
        {
            throw new InvalidOperationException($"npm could not install Azurite: {Tail(await errors + await output)} {Advice}");
        }

        Directory.Move(folder, target);
        progress("The storage emulator is installed.");
    }

    static string Tail(string text) => text.Length > 1000 ? "…" + text[^1000..] : text.Trim();

    /// <summary>The lock ends with the process that holds it.</summary>
    static async Task<FileStream> TakeTurnAsync(string path, TimeProvider clock, Action<string> progress, CancellationToken cancellationToken)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                if (isFirst)
                {
                    progress("Another desk is installing the storage emulator; waiting for it …");
                }

                await Task.Delay(TimeSpan.FromMilliseconds(200), clock, cancellationToken);
            }
        }
    }
}
