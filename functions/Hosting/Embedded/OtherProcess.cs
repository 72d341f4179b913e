using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Watchdesk.Hosting.Embedded;

/// <summary>Processes that are known by id only, because they outlive the desk that started them.</summary>
static class OtherProcess
{
    const int Interrupt = 2;
    const int KillNow = 9;

    /// <summary>Empty when there is none, or when it has ended and nobody has collected it.</summary>
    public static string CommandLine(int pid)
    {
        try
        {
            return OperatingSystem.IsLinux()
                ? Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/cmdline")).Replace('\0', ' ')
                : pid > 0 && Kill(pid, 0) == 0 ? Run("ps", "-o", "command=", "-p", $"{pid}") : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>Ids of all processes whose command line passes; none where there is no /proc.</summary>
    public static IEnumerable<int> Find(Func<string, bool> passes) => !Directory.Exists("/proc") ? [] : Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) ? pid : 0)
        .Where(pid => pid > 0 && passes(CommandLine(pid)));

    /// <summary>Asks it to stop: Azurite then saves what it holds. Its table service knows this signal only.</summary>
    public static void AskToStop(int pid) => _ = Kill(pid, Interrupt);

    public static void End(int pid) => _ = Kill(pid, KillNow);

    /// <summary>Null when the program is not installed.</summary>
    public static Process? Start(string file, IEnumerable<string> arguments, string? folder = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    static string Run(string file, params string[] arguments)
    {
        using var process = Start(file, arguments);
        return process?.StandardOutput.ReadToEnd() ?? "";
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Kill(int pid, int signal);
}
