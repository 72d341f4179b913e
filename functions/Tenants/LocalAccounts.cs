using System.Security.Cryptography;
using System.Text;

namespace Watchdesk.Tenants;

/// <summary>What became of a password.</summary>
/// <param name="User">Null when it was wrong, the account is disabled or has no password.</param>
/// <param name="Wait">More than zero when there were too many wrong ones: nothing was checked.</param>
public sealed record PasswordCheck(User? User, TimeSpan Wait);

/// <summary>
/// Accounts with a password of our own. A verified pair is remembered for 5 minutes under a key of this process, so that
/// a client that sends Basic with each request does not cost a derivation each time.
/// </summary>
public sealed class LocalAccounts(UserStore users, SignInDamping damping, TimeProvider clock) : IDisposable
{
    /// <summary>A derivation takes about 0.1 s of a core: guesses must not take them all.</summary>
    readonly SemaphoreSlim _derivations = new(2);
    readonly byte[] _processKey = RandomNumberGenerator.GetBytes(32);
    readonly Remembered<string> _verified = new(1000, TimeSpan.FromMinutes(5));

    public async Task<PasswordCheck> CheckAsync(string login, string password, string address, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(password);
        var now = clock.GetUtcNow();
        if (damping.Wait(login, address, now) is var wait && wait > TimeSpan.Zero)
        {
            return new PasswordCheck(null, wait);
        }

        var user = User.IsLogin(login) && password.Length <= Passwords.MaxLength ? await users.FindAsync(login, cancellationToken) : null;
        var isRight = await IsRightAsync(login, password, user?.PasswordHash, now, cancellationToken);
        if (!isRight || user is null || user.IsDisabled)
        {
            damping.Failed(login, address, now);
            return new PasswordCheck(null, TimeSpan.Zero);
        }

        damping.Succeeded(login, address);
        return new PasswordCheck(user, TimeSpan.Zero);
    }

    public void Dispose() => _derivations.Dispose();

    async Task<bool> IsRightAsync(string login, string password, string? hash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var pair = Convert.ToHexStringLower(HMACSHA256.HashData(_processKey, Encoding.UTF8.GetBytes(login.ToLowerInvariant() + "\0" + password)));
        if (hash is not null && _verified.Get(pair, now) == hash)
        {
            return true;
        }

        await _derivations.WaitAsync(cancellationToken);
        try
        {
            if (!Passwords.IsRight(password.Length <= Passwords.MaxLength ? password : "", hash))
            {
                return false;
            }
        }
        finally
        {
            _derivations.Release();
        }

        _verified.Set(pair, hash!, now);
        return true;
    }
}
