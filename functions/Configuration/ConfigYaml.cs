using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Watchdesk.Hosting;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Watchdesk.Configuration;

/// <summary>
/// Reads one YAML document as JSON, by the core schema of YAML 1.2: only true and false are booleans, and 04:00:00 is a
/// text. Anchors are refused, so that a document is never larger than it looks.
/// </summary>
sealed class ConfigYaml : IDisposable
{
    const int MaxDepth = 32;
    const string NoAnchors = "anchors and aliases (& and *) are not taken; write it out.";
    const NumberStyles Real = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    readonly IParser parser;
    readonly ArrayBufferWriter<byte> buffer = new();
    readonly Utf8JsonWriter json;
    readonly Dictionary<string, int> lines = new(StringComparer.Ordinal);

    ConfigYaml(string text)
    {
        parser = new Parser(new StringReader(text));
        json = new Utf8JsonWriter(buffer);
    }

    /// <exception cref="InvalidRequestException">It cannot be read; the text names the line.</exception>
    public static (JsonElement Root, IReadOnlyDictionary<string, int> Lines) Read(string text)
    {
        using var reader = new ConfigYaml(text);
        try
        {
            return (reader.Read(), reader.lines);
        }
        catch (YamlException wrong)
        {
            throw Refusal(wrong.Start, wrong.InnerException?.Message ?? wrong.Message);
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException)
        {
            // The scanner itself does not expect some of what can be sent; fuzzing found it.
            throw Refusal(reader.parser.Current?.End ?? Mark.Empty, "what follows cannot be read as YAML.");
        }
    }

    public void Dispose() => json.Dispose();

    JsonElement Read()
    {
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _))
        {
            throw new InvalidRequestException("The document is empty.");
        }

        ReadNode("", 0);
        parser.Consume<DocumentEnd>();
        if (!parser.TryConsume<StreamEnd>(out _))
        {
            throw Refusal(parser.Current!.Start, "one document is enough.");
        }

        json.Flush();
        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    void ReadNode(string path, int depth)
    {
        var node = parser.Consume<ParsingEvent>();
        lines[path] = (int)node.Start.Line;
        if (depth > MaxDepth)
        {
            throw Refusal(node.Start, $"more than {MaxDepth} levels.");
        }

        switch (node)
        {
            case NodeEvent { Anchor.IsEmpty: false } or AnchorAlias:
                throw Refusal(node.Start, NoAnchors);
            case Scalar scalar:
                WriteScalar(scalar);
                break;
            case SequenceStart:
                ReadSequence(path, depth);
                break;
            case MappingStart:
                ReadMapping(path, depth);
                break;
            default:
                throw Refusal(node.Start, "a value is missing.");
        }
    }

    void ReadSequence(string path, int depth)
    {
        json.WriteStartArray();
        for (var i = 0; !parser.TryConsume<SequenceEnd>(out _); i++)
        {
            ReadNode(string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), depth + 1);
        }

        json.WriteEndArray();
    }

    void ReadMapping(string path, int depth)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        json.WriteStartObject();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var key))
            {
                throw Refusal(parser.Current?.Start ?? Mark.Empty, "a key is a plain text.");
            }

            if (!key.Anchor.IsEmpty)
            {
                throw Refusal(key.Start, NoAnchors);
            }

            if (!seen.Add(key.Value))
            {
                throw Refusal(key.Start, $"{Schedules.Durations.Quoted(key.Value)} is given twice.");
            }

            json.WritePropertyName(key.Value);
            ReadNode(path.Length == 0 ? key.Value : $"{path}.{key.Value}", depth + 1);
        }

        json.WriteEndObject();
    }

    void WriteScalar(Scalar scalar)
    {
        var text = scalar.Value;
        if (!scalar.Tag.IsEmpty && scalar.Tag.Value is not ("!" or "tag:yaml.org,2002:str"))
        {
            throw Refusal(scalar.Start, "tags (!) are not taken, but !!str.");
        }

        if (scalar.Style != ScalarStyle.Plain || !scalar.Tag.IsEmpty)
        {
            json.WriteStringValue(text);
            return;
        }

        switch (Meaning(text))
        {
            case null:
                json.WriteNullValue();
                break;
            case bool truth:
                json.WriteBooleanValue(truth);
                break;
            case long whole:
                json.WriteNumberValue(whole);
                break;
            case double real:
                json.WriteNumberValue(real);
                break;
            default:
                json.WriteStringValue(text);
                break;
        }
    }

    /// <summary>What a text without quotes stands for: null, bool, long, double, or itself.</summary>
    public static object? Meaning(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
        _ when char.IsAsciiDigit(text[^1]) && double.TryParse(text, Real, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) => real,
        _ => text,
    };

    static InvalidRequestException Refusal(Mark at, string reason) => new(string.Create(CultureInfo.InvariantCulture, $"Line {at.Line}, column {at.Column}: {reason}"));
}
