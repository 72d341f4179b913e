using System.Globalization;

namespace Watchdesk.Hosting;

/// <summary>Settings of the section <c>Watchdesk</c>.</summary>
public sealed class DeskOptions
{
    /// <summary>Address that links in notices are built from, without a trailing slash; the embedded host fills in its own.</summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>Where the embedded host keeps its files.</summary>
    public string DataFolder { get; set; } = ".watchdesk";

    /// <summary>Object id of the first admin in Azure.</summary>
    public string FirstAdmin { get; set; } = "";

    /// <summary>open (embedded only), invite or off.</summary>
    public string SignUp { get; set; } = "invite";

    /// <summary>True when App Service authentication is on and its header may be believed.</summary>
    public bool EntraSignIn { get; set; }

    /// <summary>Key Vault of the installation, for secrets and for the key that wraps the key ring.</summary>
    public string KeyVaultUri { get; set; } = "";

    /// <summary>Shards of the due index, 1 to 64: 1 embedded, 16 in Azure. Fixed for the life of an installation.</summary>
    public int DueShards { get; set; } = 1;

    /// <summary>In Azure: id of the resource group in which containers run the programs of providers. Empty: none do.</summary>
    public string RunnerGroup { get; set; } = "";

    /// <exception cref="CommandLineException">A setting is out of its range; the text names it.</exception>
    internal static DeskOptions Read(IConfiguration configuration, DeskStart start)
    {
        var section = configuration.GetSection("Watchdesk");
        return new DeskOptions
        {
            PublicUrl = Text("PublicUrl", start.IsHandler ? "" : start.LocalUrl).TrimEnd('/'),
            DataFolder = Path.GetFullPath(start.Line.DataFolder ?? Text("DataFolder", ".watchdesk")),
            FirstAdmin = Text("FirstAdmin", ""),
            SignUp = Text("SignUp", "invite") is "invite" or "off" || (Text("SignUp", "invite") == "open" && !start.IsHandler)
                ? Text("SignUp", "invite")
                : throw Wrong("SignUp", start.IsHandler ? "invite or off: open is for the embedded host only" : "open, invite or off"),
            EntraSignIn = bool.TryParse(Text("EntraSignIn", "false"), out var entra) ? entra : throw Wrong("EntraSignIn", "true or false"),
            KeyVaultUri = Text("KeyVaultUri", ""),
            RunnerGroup = Text("RunnerGroup", "").TrimEnd('/'),
            DueShards = int.TryParse(Text("DueShards", start.IsHandler ? "16" : "1"), NumberStyles.None, CultureInfo.InvariantCulture, out var shards) && shards is >= 1 and <= 64
                ? shards
                : throw Wrong("DueShards", "a number from 1 to 64"),
        };

        string Text(string name, string otherwise) => section[name] is { Length: > 0 } value ? value : otherwise;

        static CommandLineException Wrong(string name, string allowed) => new($"The setting Watchdesk__{name} must be {allowed}.");
    }
}
