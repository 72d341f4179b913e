using System.Net.Sockets;
using System.Text;

namespace SampleScheduler;

/// <summary>Tells systemd about the service's life (sd_notify); silent when systemd did not start it.</summary>
public static class SystemdNotice
{
    public static void NotifySystemd(this IHostApplicationLifetime lifetime)
    {
        lifetime.ApplicationStarted.Register(() => Send("READY=1"));
        lifetime.ApplicationStopping.Register(() => Send("STOPPING=1"));
    }

    static void Send(string state)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 0 } path)
        {
            return;
        }

        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(path[0] == '@' ? "\0" + path[1..] : path));
        }
        catch (SocketException e)
        {
            Console.Error.WriteLine($"systemd could not be told {state}: {e.Message}");
        }
    }
}
