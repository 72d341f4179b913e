using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Watchdesk.Heartbeats;

public enum RunOutcome : byte
{
    [JsonStringEnumMemberName("success")]
    Success,

    [JsonStringEnumMemberName("fail")]
    Fail,

    [JsonStringEnumMemberName("lost")]
    Lost,
}

/// <summary>The first 16 bytes of SHA-256 of a run id; zero for an anonymous run.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RunKey(ulong High, ulong Low)
{
    public bool IsAnonymous => High == 0 && Low == 0;

    public static RunKey Of(string? runId)
    {
        if (string.IsNullOrEmpty(runId))
        {
            return default;
        }

        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(runId), hash);
        return new RunKey(BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt64BigEndian(hash[8..]));
    }

    public override string ToString() => $"{High:x16}{Low:x16}";
}

/// <summary>A run that has started and not ended. Times in Unix milliseconds.</summary>
public sealed record OpenRun(RunKey Key, long StartedAt, string Host);

/// <summary>A run that ended. Times in Unix milliseconds.</summary>
/// <param name="StartedAt">0 when no start was heard.</param>
/// <param name="Duration">Milliseconds; -1 when unknown.</param>
/// <param name="ExitStatus">-1 when none was given.</param>
public sealed record EndedRun(RunKey Key, long StartedAt, long EndedAt, long Duration, RunOutcome Outcome, int ExitStatus, string Host);
