using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Watchdesk.Operations.Runners;

/// <summary>Ends a process and everything that it started, also what has left it for a session of its own.</summary>
static class ProcessTree
{
    /// <summary>What it starts while it is being ended is found in the next round.</summary>
    const int Rounds = 10;

    /// <param name="mark">A variable with its value, which the environment of all of them has.</param>
    public static void Kill(Process process, string mark)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        KillAll(mark + "\0");
    }

    /// <param name="mark">The beginning of a variable with its value.</param>
    public static void KillAll(string mark)
    {
        var sought = Encoding.UTF8.GetBytes(mark);
        for (var round = 0; round < Rounds && OperatingSystem.IsLinux() && KillMarked(sought); round++)
        {
        }
    }

    static bool KillMarked(byte[] mark)
    {
        var found = false;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var id) && id != Environment.ProcessId && HasMark(folder, mark))
            {
                found = true;
                KillOne(id);
            }
        }

        return found;
    }

    static bool HasMark(string folder, byte[] mark)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(folder, "environ")).AsSpan().IndexOf(mark) >= 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Gone, or somebody else's.
            return false;
        }
    }

    static void KillOne(int id)
    {
        try
        {
            using var one = Process.GetProcessById(id);
            one.Kill();
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It has ended by itself.
        }
    }
}
