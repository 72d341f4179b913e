using System.Runtime.InteropServices;

namespace Watchdesk.Heartbeats;

/// <summary>Passes SIGINT, SIGTERM, SIGHUP and SIGQUIT on to a command instead of ending us, so that we stay to tell its end.</summary>
sealed class ForwardedSignals : IDisposable
{
    static readonly PosixSignal[] _signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];

    readonly List<PosixSignalRegistration> _registrations;
    readonly Lock _gate = new();
    int _child;
    int _early;

    public ForwardedSignals() => _registrations = [.. _signals.Select(signal => PosixSignalRegistration.Create(signal, Forward))];

    /// <summary>From now on; a signal that came before the command was there is passed on at once.</summary>
    public void To(int child)
    {
        lock (_gate)
        {
            _child = child;
            if (_early != 0)
            {
                _ = Kill(child, _early);
            }
        }
    }

    /// <summary>The command has ended; its number may soon be another's.</summary>
    public void ToNobody()
    {
        lock (_gate)
        {
            _child = -1;
        }
    }

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    void Forward(PosixSignalContext context)
    {
        context.Cancel = true;
        var cameFromTerminal = context.Signal is PosixSignal.SIGINT or PosixSignal.SIGQUIT && !Console.IsInputRedirected;
        if (cameFromTerminal)
        {
            return; // It went to the command as well.
        }

        lock (_gate)
        {
            if (_child > 0)
            {
                _ = Kill(_child, Number(context.Signal));
            }
            else if (_child == 0)
            {
                _early = Number(context.Signal);
            }
        }
    }

    static int Number(PosixSignal signal) => signal switch { PosixSignal.SIGHUP => 1, PosixSignal.SIGINT => 2, PosixSignal.SIGQUIT => 3, _ => 15 };

    [DllImport("libc", EntryPoint = "kill", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Kill(int process, int signal);
}
