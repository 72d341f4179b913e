using System.Collections.Concurrent;

namespace Watchdesk.Tenants;

/// <summary>
/// Slows guessing down: after 5 wrong passwords for an account from an address, 50 from an address, or 100 for an account
/// from wherever, each further one doubles the wait, up to 15 min (1 min for the last: nobody is shut out by others). Kept per process: it makes guessing slow, the password's hash makes it dear.
/// </summary>
public sealed class SignInDamping
{
    const int FreePerAccount = 5;
    const int FreePerAddress = 50;
    const int FreeFromAnywhere = 100;
    const string Anywhere = "*";
    const int Capacity = 10_000;
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);
    static readonly TimeSpan LongestFromAnywhere = TimeSpan.FromMinutes(1);
    static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(30);

    readonly ConcurrentDictionary<string, (int Count, DateTimeOffset LastAt)> _failures = new(StringComparer.Ordinal);

    /// <summary>How long the next try has to wait; zero when it may go on.</summary>
    public TimeSpan Wait(string account, string address, DateTimeOffset now)
    {
        var here = Wait(Key(account, address), FreePerAccount, Longest, now);
        var anybody = Wait(address, FreePerAddress, Longest, now);
        var anywhere = Wait(Key(account, Anywhere), FreeFromAnywhere, LongestFromAnywhere, now);
        return here > anybody ? Max(here, anywhere) : Max(anybody, anywhere);

        static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
    }

    public void Failed(string account, string address, DateTimeOffset now)
    {
        if (_failures.Count >= Capacity)
        {
            Forget(now);
        }

        Count(Key(account, address), now);
        Count(Key(account, Anywhere), now);
        Count(address, now);
    }

    public void Succeeded(string account, string address) => _failures.TryRemove(Key(account, address), out _);

    TimeSpan Wait(string key, int free, TimeSpan longest, DateTimeOffset now)
    {
        if (!_failures.TryGetValue(key, out var failure) || failure.Count < free)
        {
            return TimeSpan.Zero;
        }

        var wait = TimeSpan.FromSeconds(Math.Min(longest.TotalSeconds, Math.Pow(2, Math.Min(failure.Count - free, 20))));
        var left = failure.LastAt + wait - now;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    void Count(string key, DateTimeOffset now) =>
        _failures.AddOrUpdate(key, _ => (1, now), (_, failure) => (now - failure.LastAt > Forgotten ? 1 : failure.Count + 1, now));

    void Forget(DateTimeOffset now)
    {
        foreach (var (key, failure) in _failures)
        {
            if (now - failure.LastAt > Forgotten)
            {
                _failures.TryRemove(key, out _);
            }
        }

        if (_failures.Count >= Capacity)
        {
            _failures.Clear();
        }
    }

    static string Key(string account, string address) => address + " " + account.ToLowerInvariant();
}
