using System.Net;
using System.Net.Sockets;

namespace Watchdesk.Notices;

/// <summary>Nothing may be sent to this address.</summary>
public sealed class OutgoingAddressException(string message) : IOException(message);

/// <summary>Which addresses the desk may call on behalf of its users: in Azure none that only the inside can reach.</summary>
public static class OutgoingAddress
{
    public const string Refusal = "This address belongs to a private network; only public ones can be used here";

    static readonly IPNetwork[] Closed =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",

            // Azure's own services for the inside of a virtual machine.
            "168.63.129.16/32",
        }.Select(IPNetwork.Parse),
    ];

    static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    static readonly IPNetwork[] ClosedV6 = [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(IPNetwork.Parse)];
    static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    public static bool IsPublic(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }
        else if (Nat64.Contains(address))
        {
            address = new IPAddress(address.GetAddressBytes().AsSpan(12));
        }

        return address.AddressFamily == AddressFamily.InterNetwork
            ? !Array.Exists(Closed, network => network.Contains(address))
            : GlobalUnicast.Contains(address) && !Array.Exists(ClosedV6, network => network.Contains(address));
    }

    /// <summary>The addresses of a host that may be connected to.</summary>
    /// <exception cref="OutgoingAddressException">None of them may.</exception>
    public static async Task<IPAddress[]> ResolveAsync(string host, bool isEmbedded, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancellationToken);
        var allowed = isEmbedded ? addresses : Array.FindAll(addresses, IsPublic);
        return allowed.Length > 0 ? allowed : throw new OutgoingAddressException(Refusal);
    }
}
