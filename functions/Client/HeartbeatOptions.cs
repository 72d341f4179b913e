namespace Watchdesk.Client;

/// <summary>Where and how a <see cref="HeartbeatClient"/> sends. Checked by its constructor; later changes have no effect.</summary>
public sealed class HeartbeatOptions
{
    /// <summary>Address of the desk, for example <c>https://desk.example.org</c>. Required; http or https.</summary>
    public string Url { get; set; } = "";

    /// <summary>API key with the scope <c>ping</c>, and <c>create</c> when unknown jobs shall be made. Required; begins with <c>wd_</c>.</summary>
    public string Key { get; set; } = "";

    /// <summary>Name of this machine in every event that has none of its own. Default: the machine name; cut at 64 characters.</summary>
    public string Host { get; set; } = Environment.MachineName;

    /// <summary>Events that may wait for Watchdesk. Default 20,000; 100 to 1,000,000.</summary>
    public int MaxEvents { get; set; } = 20_000;

    /// <summary>Memory that waiting events may take, in bytes. Default 8 MiB; 64 KiB to 1 GiB.</summary>
    public long MaxBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>How long the first event waits for company before a batch is sent. Default 500 ms; 0 to 60 s.</summary>
    public TimeSpan SendInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Time limit of one request. Default 10 s; 1 to 100 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest pause between two tries of a batch; pauses double from 1 s on. A longer Retry-After is honoured up to 10 min. Default 60 s; 1 s to 10 min.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long stopping may take to send what still waits. Default 5 s; 0 to 60 s.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Default: the machine's clock.</summary>
    public HeartbeatClock Clock { get; set; } = HeartbeatClock.System;

    internal HeartbeatOptions CheckedCopy()
    {
        var copy = (HeartbeatOptions)MemberwiseClone();
        if (!Uri.TryCreate(copy.Url, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
        {
            throw Wrong(nameof(Url), $"must be the http or https address of Watchdesk, for example https://desk.example.org, and not '{copy.Url}'");
        }

        if (url.UserInfo.Length > 0 || url.Query.Length > 0)
        {
            throw Wrong(nameof(Url), "must have no user name, password or query; the key goes into Key");
        }

        copy.Url = copy.Url.TrimEnd('/');
        copy.Key = (copy.Key ?? "").Trim();
        if (copy.Key.Length is < 4 or > 200 || !copy.Key.StartsWith("wd_", StringComparison.Ordinal) || !copy.Key.All(c => c is > ' ' and < (char)127))
        {
            throw Wrong(nameof(Key), "must be an API key of Watchdesk: it begins with wd_ and is shown once when it is made");
        }

        Between(nameof(MaxEvents), copy.MaxEvents, 100, 1_000_000);
        Between(nameof(MaxBytes), copy.MaxBytes, 64 * 1024, 1024L * 1024 * 1024);
        Between(nameof(SendInterval), copy.SendInterval, TimeSpan.Zero, TimeSpan.FromSeconds(60));
        Between(nameof(RequestTimeout), copy.RequestTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(100));
        Between(nameof(MaxRetryDelay), copy.MaxRetryDelay, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        Between(nameof(StopTimeout), copy.StopTimeout, TimeSpan.Zero, TimeSpan.FromSeconds(60));
        copy.Clock = copy.Clock ?? throw Wrong(nameof(Clock), "must not be null");
        copy.Host ??= "";
        return copy;
    }

    static void Between<T>(string name, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            throw Wrong(name, $"must be between {least} and {most}, and not {value}");
        }
    }

    static ArgumentException Wrong(string name, string what) => new($"{nameof(HeartbeatOptions)}.{name} {what}.", name);
}
