using Watchdesk.Hosting;

namespace Watchdesk.Notices;

static class Secrets
{
    /// <summary>What an answer shows for a stored secret; sent back unchanged it keeps the secret.</summary>
    public const string Mask = "********";

    /// <summary>What to store: the new value, or the stored one when nothing new was entered.</summary>
    /// <exception cref="InvalidRequestException">It is masked, and nothing is stored that the mask could stand for.</exception>
    public static string? Keep(string? wanted, string? stored) => wanted == Mask ? stored ?? throw NothingStored() : wanted ?? stored;

    /// <summary>The same for an address of which only the beginning is shown.</summary>
    /// <param name="ending">How it ends where the rest is hidden.</param>
    /// <exception cref="InvalidRequestException">It is masked, and nothing is stored that the mask could stand for.</exception>
    public static string? KeepUrl(string? wanted, string? stored, string ending = Mask) =>
        wanted is not null && wanted.EndsWith(ending, StringComparison.Ordinal) ? stored ?? throw NothingStored() : wanted ?? stored;

    static InvalidRequestException NothingStored() => new($"{Mask} and … stand for a secret that is stored already, and none is: enter it.");
}
