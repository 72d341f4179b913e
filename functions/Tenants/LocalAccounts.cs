using System.Security.Cryptography;
using System.Text;

namespace Watchdesk.Tenants;

/// <summary>What became of a password.</summary>
/// <param name="User">Null when it was wrong, the account is disabled or has no password.</param>
/// <param name="Wait">More than zero when there were too many wrong ones: nothing was checked.</param>
public sealed record PasswordCheck(User? User, TimeSpan Wait);

/// <summary>
/// Accounts with a password of our own. A verified pair is remembered for 5 minutes under a key of this process and its
/// account for one, so that a client that sends Basic with each request costs neither a derivation nor a read each time.
/// </summary>
public sealed class LocalAccounts(UserStore users, SignInDamping damping, TimeProvider clock) : IDisposable
{
    /// <summary>A derivation takes about 0.1 s of a core: guesses must not take them all.</summary>
    readonly SemaphoreSlim _derivations = new(2);
    readonly byte[] _processKey = RandomNumberGenerator.GetBytes(32);
    readonly Remembered<string> _verified = new(1000, TimeSpan.FromMinutes(5));

    /// <summary>Of a credential that comes with each request.</summary>
    public Task<PasswordCheck> CheckAsync(string login, string password, string address, CancellationToken cancellationToken) =>
        CheckAsync(login, password, address, isNew: false, cancellationToken);

    /// <summary>At a sign-in: nothing is taken from memory.</summary>
    public Task<PasswordCheck> SignInAsync(string login, string password, string address, CancellationToken cancellationToken) =>
        CheckAsync(login, password, address, isNew: true, cancellationToken);

    /// <summary>As many at a time as guesses may take.</summary>
    public async Task<string> HashAsync(string password, CancellationToken cancellationToken)
    {
        await _derivations.WaitAsync(cancellationToken);
        try
        {
            return Passwords.Hash(password);
        }
        finally
        {
            _derivations.Release();
        }
    }

    async Task<PasswordCheck> CheckAsync(string login, string password, string address, bool isNew, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(password);
        var now = clock.GetUtcNow();
        if (damping.Wait(login, address, now) is var wait && wait > TimeSpan.Zero)
        {
            return new PasswordCheck(null, wait);
        }

        var user = !User.IsLogin(login) || password.Length > Passwords.MaxLength ? null
            : isNew ? await users.FindAsync(login, cancellationToken)
            : await users.FindRecentAsync(login, now, cancellationToken);
        var isRight = await IsRightAsync(login, password, user?.PasswordHash, isNew, now, cancellationToken);
        if (!isRight || user is null || user.IsDisabled)
        {
            damping.Failed(login, address, now);
            return new PasswordCheck(null, TimeSpan.Zero);
        }

        damping.Succeeded(login, address);
        return new PasswordCheck(user, TimeSpan.Zero);
    }

    public void Dispose() => _derivations.Dispose();

    async Task<bool> IsRightAsync(string login, string password, string? hash, bool isNew, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var pair = Convert.ToHexStringLower(HMACSHA256.HashData(_processKey, Encoding.UTF8.GetBytes(login.ToLowerInvariant() + "\0" + password)));
        if (!isNew && hash is not null && _verified.Get(pair, now) == hash)
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
