using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Watchdesk.Hosting;

/// <summary>An answer is JSON and never part of a page, so that &gt;, quotes and people's languages stay as they are.</summary>
public static class AnswerJson
{
    /// <summary>The options of a room's JSON, for its answers.</summary>
    public static JsonSerializerOptions Of(JsonSerializerContext room)
    {
        ArgumentNullException.ThrowIfNull(room);
        return new JsonSerializerOptions(room.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    }
}
