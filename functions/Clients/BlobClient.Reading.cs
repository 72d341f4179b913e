using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Xml;
using System.Xml.Linq;
using Azure.Core;

namespace Watchdesk.Clients;

public sealed partial class BlobClient
{
    const int MaxLine = 16 * 1024 * 1024;

    /// <summary>Bytes from <paramref name="offset"/> on, at most <paramref name="count"/>; empty at the end, null when there is no such blob.</summary>
    public async Task<ReadOnlyMemory<byte>?> ReadAsync(string container, string name, long offset, int count, CancellationToken cancellationToken)
    {
        const string Call = "GET /{container}/{blob}";
        using var message = Create(RequestMethod.Get, Path(container, name));
        message.Request.Headers.Add("x-ms-range", string.Create(CultureInfo.InvariantCulture, $"bytes={offset}-{offset + count - 1}"));
        var response = await service.SendAsync(message, Call, cancellationToken);
        if (response.Status is 200 or 206)
        {
            return response.Content.ToMemory();
        }

        return response.Status == 416 ? ReadOnlyMemory<byte>.Empty : IsMissing(response) ? default(ReadOnlyMemory<byte>?) : throw service.Error(Call, response);
    }

    /// <summary>Reads a blob of any size, 4 MiB at a time; each piece is tried again by itself. A missing blob reads as empty.</summary>
    public Stream OpenRead(string container, string name) => new BlobReadStream(this, container, name);

    /// <summary>The lines of a blob of any size, without their ends; empty ones are left out.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadLinesAsync(string container, string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(OpenRead(container, name), new StreamPipeReaderOptions(bufferSize: 64 * 1024));
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var rest = read.Buffer;
            while (TakeLine(ref rest, read.IsCompleted) is { } line)
            {
                if (!line.IsEmpty)
                {
                    yield return line.ToArray();
                }
            }

            reader.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted)
            {
                await reader.CompleteAsync();
                yield break;
            }

            if (rest.Length > MaxLine)
            {
                throw new InvalidDataException($"A line of {container}/{name} is longer than {MaxLine} bytes.");
            }
        }
    }

    /// <summary>Null when the rest holds no whole line.</summary>
    static ReadOnlySequence<byte>? TakeLine(ref ReadOnlySequence<byte> rest, bool isLast)
    {
        var line = rest;
        if (rest.PositionOf((byte)'\n') is { } end)
        {
            line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
            return line;
        }

        if (!isLast || rest.IsEmpty)
        {
            return null;
        }

        rest = rest.Slice(rest.End);
        return line;
    }

    /// <summary>The names that begin with <paramref name="prefix"/>, in order, page after page.</summary>
    public async IAsyncEnumerable<string> ListAsync(string container, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        const string Call = "GET /{container}?comp=list";
        for (string? marker = ""; marker is not null;)
        {
            var from = marker.Length == 0 ? "" : "&marker=" + Uri.EscapeDataString(marker);
            using var message = Create(RequestMethod.Get, $"/{StorageNames.Check(container, "container")}?restype=container&comp=list&prefix={Uri.EscapeDataString(prefix)}{from}");
            var response = await service.SendAsync(message, Call, cancellationToken);
            if (response.Status != 200)
            {
                if (IsMissing(response))
                {
                    yield break;
                }

                throw service.Error(Call, response);
            }

            var (names, next) = service.Read(Call, response, ReadNames);
            foreach (var found in names)
            {
                yield return found;
            }

            marker = next;
        }
    }

    static (List<string> Names, string? Next) ReadNames(BinaryData xml)
    {
        using var reader = XmlReader.Create(xml.ToStream(), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        var root = XElement.Load(reader);
        var next = (string?)root.Element("NextMarker");
        return ([.. root.Elements("Blobs").Elements("Blob").Select(blob => (string?)blob.Element("Name") ?? "")], string.IsNullOrEmpty(next) ? null : next);
    }
}
