using System.Globalization;

namespace Watchdesk.Clients;

/// <summary>Bytes that are too many for one property of a row, as P00, P01 … of 60 KiB each.</summary>
static class Pieces
{
    const int PieceBytes = 60 * 1024;

    /// <summary>What one row carries beside its other properties.</summary>
    public const int MaxBytes = 14 * PieceBytes;

    public static void Set(TableRow row, char prefix, ReadOnlySpan<byte> bytes)
    {
        for (var (piece, from) = (0, 0); from < bytes.Length; piece++, from += PieceBytes)
        {
            row[Name(prefix, piece)] = bytes[from..Math.Min(bytes.Length, from + PieceBytes)].ToArray();
        }
    }

    public static byte[] Get(TableRow row, char prefix)
    {
        var pieces = new List<byte[]>();
        while (row.Bytes(Name(prefix, pieces.Count)) is { } piece)
        {
            pieces.Add(piece);
        }

        return pieces.Count == 1 ? pieces[0] : [.. pieces.SelectMany(piece => piece)];
    }

    static string Name(char prefix, int piece) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{piece:D2}");
}
