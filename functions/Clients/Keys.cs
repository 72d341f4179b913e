using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Watchdesk.Clients;

/// <summary>Identifiers and row keys that every table shares. Keys use [A-Za-z0-9._:~-]; other text is hashed.</summary>
public static class Keys
{
    const long LastMillisecond = 253_402_300_799_999;

    /// <summary>A time-ordered id: 32 lower-case hex digits.</summary>
    public static string NewId(DateTimeOffset now) => Guid.CreateVersion7(now).ToString("N");

    /// <summary>When an id of <see cref="NewId"/> was made, to the millisecond.</summary>
    public static DateTimeOffset TimeOf(string id) =>
        DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(id.AsSpan(0, 12), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));

    /// <summary>A row key that sorts newest first.</summary>
    public static string NewestFirst(DateTimeOffset at, string id) =>
        string.Create(CultureInfo.InvariantCulture, $"{LastMillisecond - at.ToUnixTimeMilliseconds():D15}~{id}");

    /// <summary>SHA-256 of the text, 64 lower-case hex digits.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The same shard for the same text on every instance (FNV-1a).</summary>
    public static int Shard(string text, int shards)
    {
        var hash = 2166136261u;
        foreach (var c in text)
        {
            hash = (hash ^ c) * 16777619u;
        }

        return (int)(hash % (uint)shards);
    }
}
