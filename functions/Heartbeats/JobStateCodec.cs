using System.Runtime.InteropServices;
using Watchdesk.Clients;
using Watchdesk.Schedules;

namespace Watchdesk.Heartbeats;

/// <summary>
/// <see cref="JobState"/> as binary properties: <c>S</c> the counters, <c>A</c> the arrivals that are counted, <c>O</c> the open runs, <c>R0</c>…<c>R9</c> ten
/// ended runs each, <c>K0</c>…<c>K19</c> a hundred keys each. Numbers are 7-bit encoded; unknown trailing bytes are ignored, missing ones read as zero.
/// </summary>
public static class JobStateCodec
{
    const int Version = 1;

    static readonly string[] KeyBlocks = [.. Enumerable.Range(0, JobState.KeysKept / JobState.KeysPerBlock).Select(n => $"K{n}")];

    static readonly string[] Blocks = [.. Enumerable.Range(0, JobState.MaxEndedRuns / JobState.RunsPerBlock).Select(n => $"R{n}")];

    /// <summary>Sets the properties that changed since the state was read.</summary>
    public static void Write(JobState state, TableRow row, bool all = false)
    {
        row["S"] = Scalars(state);
        if (state.ArrivalsChanged || (all && state.Arrivals != Arrivals.None))
        {
            row["A"] = ArrivalsCodec.Write(state.Arrivals);
        }

        if (all || state.OpenChanged)
        {
            row["O"] = OpenRuns(state);
        }

        for (var block = 0; block < Blocks.Length; block++)
        {
            if (all ? state.EndedCount > block * JobState.RunsPerBlock : (state.ChangedBlocks & (1 << block)) != 0)
            {
                row[Blocks[block]] = EndedRuns(state, block);
            }
        }

        for (var block = 0; block < KeyBlocks.Length; block++)
        {
            if (all ? state.KeyCount > block * JobState.KeysPerBlock : (state.ChangedKeyBlocks & (1 << block)) != 0)
            {
                row[KeyBlocks[block]] = MemoryMarshal.AsBytes(state.KeyBlock(block)).ToArray();
            }
        }
    }

    public static void MarkWritten(JobState state)
    {
        state.ArrivalsChanged = false;
        state.OpenChanged = false;
        state.ChangedBlocks = 0;
        state.ChangedKeyBlocks = 0;
    }

    public static JobState Read(TableRow row)
    {
        var state = new JobState();
        if (row.Bytes("S") is { } scalars)
        {
            ReadScalars(state, scalars);
        }

        state.Arrivals = ArrivalsCodec.Read(row.Bytes("A"));
        state.ArrivalsChanged = false;
        if (row.Bytes("O") is { } open)
        {
            ReadOpen(state, open);
        }

        for (var block = 0; block < Blocks.Length; block++)
        {
            if (row.Bytes(Blocks[block]) is { } ended)
            {
                ReadEnded(state, ended, block);
            }
        }

        for (var block = 0; block < KeyBlocks.Length; block++)
        {
            row.Bytes(KeyBlocks[block])?.CopyTo(MemoryMarshal.AsBytes(state.KeyBlock(block)));
        }

        return state;
    }

    static byte[] Scalars(JobState s) => Packed.Pack(writer =>
    {
        writer.Write((byte)Version);
        foreach (var number in (ReadOnlySpan<long>)[
            s.Occurrences, s.Successes, s.Failures, s.Misfires, s.Lost, s.Logs, s.FirstAt, s.LastArrivalAt, s.LastSuccessAt, s.LastEndAt,
            s.LastEndFailed ? 1 : 0, s.LastExitStatus, s.DeclaredNextAt, s.IndexedAt, (long)s.BaseCause, (long)s.Cause, s.Since, s.Turn, s.ToldTurn, s.EndedCount, s.SettledAt])
        {
            writer.Write7BitEncodedInt64(number);
        }

        Packed.WriteList(writer, s.ChangedAtOccurrence);
        Packed.WriteList(writer, s.MisfiredAt);
        writer.Write(s.LastHost);
        writer.Write7BitEncodedInt64(s.KeyCount);
        writer.Write7BitEncodedInt64(s.LastEndDuration);
        writer.Write7BitEncodedInt64(s.LastStartAt);
        writer.Write7BitEncodedInt64(s.LastStartDue);
        writer.Write7BitEncodedInt(s.BadInARow);
        writer.Write(s.SilencedBy);
    });

    static void ReadScalars(JobState s, byte[] bytes)
    {
        using var reader = Packed.Reader(bytes);
        reader.ReadByte();
        s.Occurrences = reader.Read7BitEncodedInt64();
        s.Successes = reader.Read7BitEncodedInt64();
        s.Failures = reader.Read7BitEncodedInt64();
        s.Misfires = reader.Read7BitEncodedInt64();
        s.Lost = reader.Read7BitEncodedInt64();
        s.Logs = reader.Read7BitEncodedInt64();
        s.FirstAt = reader.Read7BitEncodedInt64();
        s.LastArrivalAt = reader.Read7BitEncodedInt64();
        s.LastSuccessAt = reader.Read7BitEncodedInt64();
        s.LastEndAt = reader.Read7BitEncodedInt64();
        s.LastEndFailed = reader.Read7BitEncodedInt64() != 0;
        s.LastExitStatus = (int)reader.Read7BitEncodedInt64();
        s.DeclaredNextAt = reader.Read7BitEncodedInt64();
        s.IndexedAt = reader.Read7BitEncodedInt64();
        s.BaseCause = (Cause)reader.Read7BitEncodedInt64();
        s.Cause = (Cause)reader.Read7BitEncodedInt64();
        s.Since = reader.Read7BitEncodedInt64();
        s.Turn = reader.Read7BitEncodedInt64();
        s.ToldTurn = reader.Read7BitEncodedInt64();
        s.EndedCount = reader.Read7BitEncodedInt64();
        s.SettledAt = reader.Read7BitEncodedInt64();
        Packed.ReadList(reader, s.ChangedAtOccurrence);
        Packed.ReadList(reader, s.MisfiredAt);
        s.LastHost = reader.ReadString();
        s.KeyCount = reader.BaseStream.Position < bytes.Length ? reader.Read7BitEncodedInt64() : 0;
        if (reader.BaseStream.Position < bytes.Length)
        {
            (s.LastEndDuration, s.LastStartAt, s.LastStartDue) = (reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64());
            (s.BadInARow, s.SilencedBy) = (reader.Read7BitEncodedInt(), reader.ReadString());
        }
    }

    static byte[] OpenRuns(JobState s) => Packed.Pack(writer =>
    {
        writer.Write7BitEncodedInt(s.Open.Count);
        foreach (var run in s.Open)
        {
            WriteKey(writer, run.Key);
            writer.Write7BitEncodedInt64(run.StartedAt);
            writer.Write(run.Host);
        }
    });

    static void ReadOpen(JobState s, byte[] bytes)
    {
        using var reader = Packed.Reader(bytes);
        for (var left = reader.Read7BitEncodedInt(); left > 0; left--)
        {
            s.Open.Add(new OpenRun(ReadKey(reader), reader.Read7BitEncodedInt64(), reader.ReadString()));
        }
    }

    static byte[] EndedRuns(JobState s, int block) => Packed.Pack(writer =>
    {
        for (var slot = block * JobState.RunsPerBlock; slot < (block + 1) * JobState.RunsPerBlock && s.Ended[slot] is { } run; slot++)
        {
            WriteKey(writer, run.Key);
            writer.Write7BitEncodedInt64(run.StartedAt);
            writer.Write7BitEncodedInt64(run.EndedAt);
            writer.Write7BitEncodedInt64(run.Duration);
            writer.Write((byte)run.Outcome);
            writer.Write7BitEncodedInt(run.ExitStatus);
            writer.Write(run.Host);
        }
    });

    static void ReadEnded(JobState s, byte[] bytes, int block)
    {
        using var reader = Packed.Reader(bytes);
        for (var slot = block * JobState.RunsPerBlock; reader.BaseStream.Position < bytes.Length; slot++)
        {
            s.Ended[slot] = new EndedRun(
                ReadKey(reader), reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64(),
                (RunOutcome)reader.ReadByte(), reader.Read7BitEncodedInt(), reader.ReadString());
        }
    }

    static void WriteKey(BinaryWriter writer, RunKey key)
    {
        writer.Write(key.High);
        writer.Write(key.Low);
    }

    static RunKey ReadKey(BinaryReader reader) => new(reader.ReadUInt64(), reader.ReadUInt64());
}
