namespace Watchdesk.Metrics;

/// <summary>
/// A sketch as bytes: version, flags, count, sum, min, max, zeros, then negative and positive buckets, each as a length and
/// pairs of the step from the index before and a count, all numbers 7-bit encoded. At most <see cref="MaxBytes"/>.
/// </summary>
public static class SketchCodec
{
    public const int MaxBytes = 16 * 1024;
    const byte Version = 1;
    const byte Collapsed = 1;

    public static byte[] Write(Sketch sketch)
    {
        var bytes = Encode(sketch);
        while (bytes.Length > MaxBytes)
        {
            CollapseLowest(sketch, bytes.Length);
            bytes = Encode(sketch);
        }

        return bytes;
    }

    /// <exception cref="FormatException">Not a sketch of a version that is known.</exception>
    public static Sketch Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes, writable: false));
        if (reader.ReadByte() != Version)
        {
            throw new FormatException("A stored sketch is of an unknown version; it was written by a newer Watchdesk.");
        }

        var sketch = new Sketch { IsCollapsed = (reader.ReadByte() & Collapsed) != 0, Count = reader.Read7BitEncodedInt64(), Sum = reader.ReadDouble(), Min = reader.ReadDouble(), Max = reader.ReadDouble() };
        sketch.Zeros = reader.Read7BitEncodedInt64();
        Read(reader, sketch.Negative);
        Read(reader, sketch.Positive);
        return sketch;
    }

    static byte[] Encode(Sketch sketch)
    {
        using var stream = new MemoryStream(64 + (3 * (sketch.Negative.Length + sketch.Positive.Length)));
        using var writer = new BinaryWriter(stream);
        writer.Write(Version);
        writer.Write(sketch.IsCollapsed ? Collapsed : (byte)0);
        writer.Write7BitEncodedInt64(sketch.Count);
        writer.Write(sketch.Sum);
        writer.Write(sketch.Min);
        writer.Write(sketch.Max);
        writer.Write7BitEncodedInt64(sketch.Zeros);
        Write(writer, sketch.Negative);
        Write(writer, sketch.Positive);
        writer.Flush();
        return stream.ToArray();
    }

    static void Write(BinaryWriter writer, Buckets buckets)
    {
        writer.Write7BitEncodedInt(buckets.Length);
        var before = 0;
        for (var n = 0; n < buckets.Length; n++)
        {
            var step = buckets.IndexAt(n) - before;
            // Only the first step may be negative; its sign goes into the lowest bit.
            writer.Write7BitEncodedInt(n == 0 ? (step << 1) ^ (step >> 31) : step);
            writer.Write7BitEncodedInt64(buckets.CountAt(n));
            before = buckets.IndexAt(n);
        }
    }

    static void Read(BinaryReader reader, Buckets buckets)
    {
        var index = 0;
        for (var (n, length) = (0, reader.Read7BitEncodedInt()); n < length; n++)
        {
            var step = reader.Read7BitEncodedInt();
            index += n == 0 ? (step >>> 1) ^ -(step & 1) : step;
            buckets.Add(index, reader.Read7BitEncodedInt64());
        }
    }

    /// <summary>The lowest values are the negative ones of the greatest magnitude.</summary>
    static void CollapseLowest(Sketch sketch, int bytes)
    {
        sketch.IsCollapsed = true;
        var buckets = sketch.Negative.Length > 1 ? sketch.Negative : sketch.Positive;
        var all = sketch.Negative.Length + sketch.Positive.Length;
        var tooMany = (int)((long)all * (bytes - MaxBytes) / bytes) + 2;
        buckets.Collapse(Math.Min(tooMany, buckets.Length), atEnd: buckets == sketch.Negative);
    }
}
