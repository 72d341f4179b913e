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

    /// <summary>open, invite or off.</summary>
    public string SignUp { get; set; } = "invite";

    /// <summary>True when App Service authentication is on and its header may be believed.</summary>
    public bool EntraSignIn { get; set; }

    /// <summary>Key Vault of the installation, for secrets and for the key that wraps the key ring.</summary>
    public string KeyVaultUri { get; set; } = "";

    /// <summary>Shards of the due index, 1 to 64: 4 embedded, 16 in Azure. Fixed for the life of an installation.</summary>
    public int DueShards { get; set; } = 4;
}
