namespace Watchdesk.Hosting;

/// <summary>Makes sure that somebody can sign in to an embedded desk, and says how.</summary>
/// <param name="given">The password of the command line, or null.</param>
/// <param name="ensure">Takes the given password; returns the one that was set or made, null when the account keeps its own.</param>
public sealed class FirstSignIn(string? given, Func<string?, CancellationToken, Task<string?>> ensure)
{
    /// <summary>The end of the ready line. A password is shown only when it was made here.</summary>
    public string Sentence { get; private set; } = "sign in";

    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        var password = await ensure(given, cancellationToken);
        Sentence = given is not null ? "sign in as admin with the given password"
            : password is not null ? $"sign in as admin with password {password}"
            : "sign in as admin with the password of the first start, or give a new one with --admin-password";
    }
}
