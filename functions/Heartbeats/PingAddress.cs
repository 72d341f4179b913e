using System.Globalization;
using Watchdesk.Tenants;

namespace Watchdesk.Heartbeats;

/// <summary>What a ping address says: whose, and what happened.</summary>
/// <param name="Uuid">Canonical lower-case form; null in the form with key and slug.</param>
/// <param name="ExitStatus">0 to 255 when the address ends in one.</param>
public sealed record PingAddress(string? Uuid, string? PingKey, string? Slug, RunEventKind Kind, int? ExitStatus)
{
    const string Root = "/ping/";

    /// <summary>Null when the path is not such an address.</summary>
    public static PingAddress? Parse(string path)
    {
        var parts = path.StartsWith(Root, StringComparison.OrdinalIgnoreCase) ? path[Root.Length..].Split('/') : [];
        if (parts.Length is 1 or 2 && Guid.TryParseExact(parts[0], "D", out var uuid))
        {
            return Ending(parts, 1) is var (kind, exit) ? new PingAddress(uuid.ToString(), null, null, kind, exit) : null;
        }

        if (parts.Length is 2 or 3 && PingKeys.IsPingKey(parts[0]) && JobRequest.IsSlug(parts[1]))
        {
            return Ending(parts, 2) is var (kind, exit) ? new PingAddress(null, parts[0], parts[1], kind, exit) : null;
        }

        return null;
    }

    static (RunEventKind Kind, int? ExitStatus)? Ending(string[] parts, int at)
    {
        if (parts.Length == at)
        {
            return (RunEventKind.Success, null);
        }

        return parts[at] switch
        {
            "start" => (RunEventKind.Start, null),
            "fail" => (RunEventKind.Fail, null),
            "log" => (RunEventKind.Log, null),
            var text when text.Length <= 3 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var exit) && exit <= 255 =>
                (exit == 0 ? RunEventKind.Success : RunEventKind.Fail, exit),
            _ => null,
        };
    }
}
