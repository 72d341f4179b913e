using System.Security.Cryptography;

namespace Watchdesk.Hosting;

/// <summary>The password of the account <c>admin</c> for a desk that has none yet (embedded host only).</summary>
/// <param name="isGiven">It was given on the command line, so it need not be shown.</param>
public sealed class FirstSignIn(string password, bool isGiven)
{
    const string Letters = "23456789abcdefghijkmnpqrstuvwxyz";

    public string Password { get; } = password;

    public bool IsGiven { get; } = isGiven;

    /// <summary>Set by the one who stored the hash: this password is now the right one.</summary>
    public bool WasStored { get; set; }

    /// <summary>The end of the ready line.</summary>
    public string Sentence => (IsGiven, WasStored) switch
    {
        (true, _) => "sign in as admin with the given password",
        (false, true) => $"sign in as admin with password {Password}",
        (false, false) => "sign in as admin with the password of the first start",
    };

    public static FirstSignIn From(CommandLine line) =>
        line.AdminPassword is { } given ? new FirstSignIn(given, isGiven: true) : new FirstSignIn(RandomNumberGenerator.GetString(Letters, 16), isGiven: false);
}
