namespace Watchdesk.Notices;

static class Secrets
{
    /// <summary>What an answer shows for a stored secret; sent back unchanged it keeps the secret.</summary>
    public const string Mask = "********";

    /// <summary>What to store: the new value, or the stored one when nothing new was entered.</summary>
    public static string? Keep(string? wanted, string? stored) => wanted is null or Mask ? stored : wanted;
}
