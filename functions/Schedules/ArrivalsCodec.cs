using Watchdesk.Clients;

namespace Watchdesk.Schedules;

/// <summary><see cref="Arrivals"/> as one binary property: 7-bit encoded numbers, instants as gaps; at most 33 KB.</summary>
public static class ArrivalsCodec
{
    const byte Version = 1;

    public static byte[] Write(Arrivals arrivals) => Packed.Pack(writer =>
    {
        writer.Write(Version);
        writer.Write7BitEncodedInt64(arrivals.CountsFrom);
        writer.Write7BitEncodedInt64(arrivals.Heard);
        writer.Write7BitEncodedInt64(arrivals.EnoughUntil);
        writer.Write7BitEncodedInt64(arrivals.OwedBy);
        writer.Write7BitEncodedInt(arrivals.Newest.Count);
        for (var n = 0; n < arrivals.Newest.Count; n++)
        {
            writer.Write7BitEncodedInt64(n == 0 ? arrivals.Newest[0] : arrivals.Newest[n - 1] - arrivals.Newest[n]);
        }

        foreach (var count in arrivals.Lateness.Counts)
        {
            writer.Write7BitEncodedInt(count);
        }
    });

    /// <param name="bytes">Null when nothing was written yet.</param>
    public static Arrivals Read(byte[]? bytes)
    {
        if (bytes is null)
        {
            return Arrivals.None;
        }

        using var reader = Packed.Reader(bytes);
        reader.ReadByte();
        var (from, heard, enough, owed) = (reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64());
        var newest = new long[reader.Read7BitEncodedInt()];
        for (var n = 0; n < newest.Length; n++)
        {
            newest[n] = n == 0 ? reader.Read7BitEncodedInt64() : newest[n - 1] - reader.Read7BitEncodedInt64();
        }

        var late = new int[Lateness.Bands];
        for (var n = 0; n < late.Length; n++)
        {
            late[n] = reader.Read7BitEncodedInt();
        }

        return new Arrivals { CountsFrom = from, Heard = heard, EnoughUntil = enough, OwedBy = owed, Newest = newest, Lateness = new Lateness(late) };
    }
}
