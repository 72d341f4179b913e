using System.Diagnostics;

namespace Watchdesk.Heartbeats;

/// <summary>Runs a command as if we were not there: its input, output and signals pass through; the last output is kept.</summary>
static class ChildCommand
{
    /// <summary>A grandchild may hold the pipes open for ever; the command is over when it has ended.</summary>
    static readonly TimeSpan _outputLimit = TimeSpan.FromSeconds(1);

    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static async Task<CommandEnd> RunAsync(IReadOnlyList<string> command, bool keepsOutput, ForwardedSignals signals)
    {
        using var child = new Process
        {
            StartInfo = new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false, RedirectStandardOutput = keepsOutput, RedirectStandardError = keepsOutput },
        };
        child.Start();
        signals.To(child.Id);
        var tail = new OutputTail();
        var output = keepsOutput ? PassOnAsync(child, tail) : Task.CompletedTask;
        await child.WaitForExitAsync();
        signals.ToNobody();
        await Task.WhenAny(output, Task.Delay(_outputLimit, TimeProvider.System));
        return new CommandEnd(child.ExitCode & 0xFF, keepsOutput ? tail.Text : null);
    }

    static Task PassOnAsync(Process child, OutputTail tail) => Task.WhenAll(
        PassOnAsync(child.StandardOutput.BaseStream, Console.OpenStandardOutput(), tail),
        PassOnAsync(child.StandardError.BaseStream, Console.OpenStandardError(), tail));

    static async Task PassOnAsync(Stream from, Stream to, OutputTail tail)
    {
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await from.ReadAsync(buffer)) > 0)
        {
            tail.Add(buffer.AsSpan(0, read));
            try
            {
                await to.WriteAsync(buffer.AsMemory(0, read));
                await to.FlushAsync();
            }
            catch (IOException)
            {
                // Nobody reads our output any more; the command must not be blocked by that.
            }
        }
    }
}
