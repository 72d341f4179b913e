using System.Text.Json;

namespace Watchdesk.Hosting;

/// <summary>Reads what is sent as a JSON array or as lines of JSON. A bad item is refused by itself.</summary>
public static class JsonLines
{
    /// <summary>Reads one item; the reader stands on its first token and is left on its last.</summary>
    public delegate T ReadItem<T>(ref Utf8JsonReader reader);

    /// <param name="most">Items in a request.</param>
    /// <param name="refuse">What stands for an item that is no JSON, with the reason.</param>
    /// <exception cref="FormatException">The body is neither an array nor lines of JSON, or holds too many items.</exception>
    public static List<T> Read<T>(ReadOnlySpan<byte> body, int most, ReadItem<T> read, Func<string, T> refuse)
    {
        var start = body.IndexOfAnyExcept(" \t\r\n"u8);
        var items = new List<T>();
        if (start >= 0 && body[start] == '[')
        {
            ReadArray(body[start..], items, most, read);
        }
        else
        {
            ReadEach(body, items, most, read, refuse);
        }

        return items;
    }

    static void ReadArray<T>(ReadOnlySpan<byte> body, List<T> items, int most, ReadItem<T> read)
    {
        var reader = new Utf8JsonReader(body);
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                Bound(items.Count, most);
                items.Add(read(ref reader));
            }

            reader.Read();
        }
        catch (JsonException problem)
        {
            throw new FormatException($"The body is not a JSON array: {problem.Message}", problem);
        }
    }

    static void ReadEach<T>(ReadOnlySpan<byte> body, List<T> items, int most, ReadItem<T> read, Func<string, T> refuse)
    {
        foreach (var range in body.Split((byte)'\n'))
        {
            var line = body[range].Trim(" \t\r"u8);
            if (line.Length == 0)
            {
                continue;
            }

            Bound(items.Count, most);
            try
            {
                var reader = new Utf8JsonReader(line, new JsonReaderOptions { AllowMultipleValues = true });
                reader.Read();
                var item = read(ref reader);
                items.Add(reader.Read() ? refuse("There is more than one value on the line. Put each on a line of its own; curl joins lines with -d, send them with --data-binary.") : item);
            }
            catch (JsonException problem)
            {
                items.Add(refuse($"This is not JSON: {problem.Message}"));
            }
        }
    }

    static void Bound(int count, int most)
    {
        if (count >= most)
        {
            throw new FormatException($"A request takes at most {most} of them; send the rest in another one.");
        }
    }
}
