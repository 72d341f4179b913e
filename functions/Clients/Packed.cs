using System.Text;

namespace Watchdesk.Clients;

/// <summary>Small binary properties: 7-bit encoded numbers and lists of them.</summary>
static class Packed
{
    public static void WriteList(BinaryWriter writer, List<long> list)
    {
        writer.Write7BitEncodedInt(list.Count);
        list.ForEach(writer.Write7BitEncodedInt64);
    }

    public static void ReadList(BinaryReader reader, List<long> list)
    {
        for (var left = reader.Read7BitEncodedInt(); left > 0; left--)
        {
            list.Add(reader.Read7BitEncodedInt64());
        }
    }

    public static byte[] Pack(Action<BinaryWriter> write)
    {
        using var stream = new MemoryStream(256);
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        write(writer);
        writer.Flush();
        return stream.ToArray();
    }

    public static BinaryReader Reader(byte[] bytes) => new(new MemoryStream(bytes, writable: false), Encoding.UTF8);
}
