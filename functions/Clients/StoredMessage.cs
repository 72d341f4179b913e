using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Xml;

namespace Watchdesk.Clients;

/// <summary>A message of a Storage queue as it was taken or peeked at.</summary>
/// <param name="PopReceipt">Proves that we hold it; empty when peeked at.</param>
/// <param name="Dequeued">How often it was taken, this time included.</param>
/// <param name="Body">What the base64 text carries, or the text itself when a foreign sender put no base64.</param>
/// <param name="NextVisibleAt">When others may take it; null when peeked at.</param>
public sealed record StoredMessage(
    string Id, string PopReceipt, int Dequeued, DateTimeOffset InsertedAt, DateTimeOffset ExpiresAt, DateTimeOffset? NextVisibleAt, ReadOnlyMemory<byte> Body)
{
    internal static byte[] Write(ReadOnlySpan<byte> body)
    {
        var start = "<QueueMessage><MessageText>"u8;
        var end = "</MessageText></QueueMessage>"u8;
        var xml = new byte[start.Length + Base64.GetMaxEncodedToUtf8Length(body.Length) + end.Length];
        start.CopyTo(xml);
        Base64.EncodeToUtf8(body, xml.AsSpan(start.Length), out _, out _);
        end.CopyTo(xml.AsSpan(xml.Length - end.Length));
        return xml;
    }

    internal static IReadOnlyList<StoredMessage> Read(BinaryData xml)
    {
        var messages = new List<StoredMessage>();
        using var reader = XmlReader.Create(xml.ToStream(), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, IgnoreWhitespace = true });
        while (reader.ReadToFollowing("QueueMessage"))
        {
            using var message = reader.ReadSubtree();
            messages.Add(ReadOne(message));
        }

        return messages;
    }

    static StoredMessage ReadOne(XmlReader reader)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        reader.Read();
        reader.Read();
        while (!reader.EOF)
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                values[reader.Name] = reader.ReadElementContentAsString();
            }
            else
            {
                reader.Read();
            }
        }

        return new StoredMessage(
            values.GetValueOrDefault("MessageId") ?? throw new XmlException("A message came without its id."),
            values.GetValueOrDefault("PopReceipt", ""),
            int.Parse(values.GetValueOrDefault("DequeueCount", "0"), CultureInfo.InvariantCulture),
            Time("InsertionTime") ?? default,
            Time("ExpirationTime") ?? default,
            Time("TimeNextVisible"),
            Decode(values.GetValueOrDefault("MessageText", "")));

        DateTimeOffset? Time(string name) =>
            values.TryGetValue(name, out var text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
    }

    static byte[] Decode(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : Encoding.UTF8.GetBytes(text);
    }
}
