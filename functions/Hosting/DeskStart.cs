using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Watchdesk.Hosting;

/// <summary>How this process was started: by the Functions host as its custom handler, or on its own as the embedded host.</summary>
/// <param name="IsHandler">True when <c>FUNCTIONS_CUSTOMHANDLER_PORT</c> is set; it alone decides.</param>
/// <param name="Root">Folder of host.json and of the functions' folders.</param>
public sealed record DeskStart(CommandLine Line, bool IsHandler, IPAddress Address, int Port, string Root)
{
    /// <summary>Where a browser on this machine finds the desk.</summary>
    public string LocalUrl { get; } = string.Create(CultureInfo.InvariantCulture, $"http://{Host(Address)}:{Port}");

    /// <exception cref="CommandLineException">The port is taken or no port.</exception>
    public static DeskStart Read(CommandLine line, Func<string, string?> environment)
    {
        var root = environment("FUNCTIONS_APP_ROOT_PATH") is { Length: > 0 } given && Directory.Exists(given) ? given : AppContext.BaseDirectory;
        if (environment("FUNCTIONS_CUSTOMHANDLER_PORT") is not { Length: > 0 } text)
        {
            return new DeskStart(line, IsHandler: false, line.Listen, ChoosePort(line), AppContext.BaseDirectory);
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
            ? new DeskStart(line, IsHandler: true, IPAddress.Loopback, port, root)
            : throw new CommandLineException($"FUNCTIONS_CUSTOMHANDLER_PORT is a port, not {text}.");
    }

    static int ChoosePort(CommandLine line)
    {
        if (line.Port is { } wanted)
        {
            return IsFree(line.Listen, wanted) ? wanted : throw new CommandLineException($"Port {wanted} is in use. Choose another one with --port.");
        }

        for (var port = CommandLine.DefaultPort; port < CommandLine.DefaultPort + 100; port++)
        {
            if (IsFree(line.Listen, port))
            {
                return port;
            }
        }

        throw new CommandLineException($"No port from {CommandLine.DefaultPort} on is free. Choose one with --port.");
    }

    static bool IsFree(IPAddress address, int port)
    {
        using var probe = new TcpListener(address, port) { ExclusiveAddressUse = !OperatingSystem.IsLinux() };
        try
        {
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    static string Host(IPAddress address)
    {
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            return "127.0.0.1";
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
    }
}
