using System.Globalization;
using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Schedules;

namespace Watchdesk.Heartbeats;

/// <summary>The members of one event while it is read.</summary>
ref struct SentFields
{
    const int MaxText = 200;
    const int MaxMessage = 100_000;

    string? _job;
    string? _runId;
    string? _host;
    string? _message;
    RunEventKind? _kind;
    long? _at;
    long? _scheduledAt;
    long? _nextAt;
    long? _duration;
    int? _exitStatus;
    string? _unknown;

    /// <summary>Reads a member; a bad one is named in <paramref name="problem"/> and left behind.</summary>
    internal bool Take(ref Utf8JsonReader reader, out string? problem)
    {
        problem = null;
        var name = -1;
        try
        {
            name = Find(ref reader);
            reader.Read();
            if (Read(name, ref reader))
            {
                return true;
            }
        }
        catch (InvalidOperationException)
        {
            _unknown ??= "?";
        }

        problem = name < 0 ? $"There is no member \"{Cut(_unknown)}\"." : $"{Label[name]} must be {Expected[name]}.";
        reader.Skip();
        return false;
    }

    int Find(ref Utf8JsonReader reader)
    {
        for (var n = 0; n < Names.Length; n++)
        {
            if (reader.ValueTextEquals(Names[n]))
            {
                return n;
            }
        }

        _unknown = reader.GetString();
        return -1;
    }

    /// <exception cref="InvalidOperationException">A text holds what is not UTF-8, or half a surrogate pair.</exception>
    bool Read(int name, ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.Null ? TakeNull(name) : name switch
    {
        0 => Text(ref reader, MaxText, ref _job),
        1 => Text(ref reader, MaxText, ref _runId),
        2 => Kind(ref reader),
        3 => Time(ref reader, ref _at),
        4 => Time(ref reader, ref _scheduledAt),
        5 => Time(ref reader, ref _nextAt),
        6 => Duration(ref reader),
        7 => Exit(ref reader),
        8 => Text(ref reader, MaxText, ref _host),
        9 => Text(ref reader, MaxMessage, ref _message),
        _ => false,
    };

    /// <summary>Null is absent, but as the next fire time: then there is none.</summary>
    bool TakeNull(int name)
    {
        _nextAt = name == 5 ? 0 : _nextAt;
        return name >= 0;
    }

    internal readonly SentEvent ToEvent(DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(_job))
        {
            return new SentEvent(null, "job is missing: an id or slug.");
        }

        if (_kind is not { } kind)
        {
            return new SentEvent(null, "kind is missing: start, success, fail, misfire or log.");
        }

        if (!JobStore.IsId(_job) && !JobRequest.IsSlug(_job))
        {
            return new SentEvent(null, "job must be an id or a slug of 1 to 100 of a-z, 0-9, _ and -.");
        }

        var receivedAt = now.ToUnixTimeMilliseconds();
        var (at, isAhead) = RunEvent.Believe(_at, receivedAt);
        return new SentEvent(
            new RunEvent(Keys.NewId(now), _job, kind, at, receivedAt, _runId, _scheduledAt, _nextAt, _duration, _exitStatus, _host, _message, isAhead), null);
    }

    static readonly byte[][] Names =
        ["job"u8.ToArray(), "runId"u8.ToArray(), "kind"u8.ToArray(), "at"u8.ToArray(), "scheduledAt"u8.ToArray(), "nextAt"u8.ToArray(),
         "duration"u8.ToArray(), "exitStatus"u8.ToArray(), "host"u8.ToArray(), "message"u8.ToArray()];

    static readonly string[] Label = ["job", "runId", "kind", "at", "scheduledAt", "nextAt", "duration", "exitStatus", "host", "message"];

    static readonly string[] Expected =
        ["a text of 1 to 200 characters", "a text of at most 200 characters", "start, success, fail, misfire or log", "a time, ISO 8601 with its zone",
         "a time, ISO 8601 with its zone", "a time, ISO 8601 with its zone, or null for none", "a duration d.hh:mm:ss, 0 to 366 d",
         "a whole number, 0 to 255", "a text of at most 200 characters", "a text of at most 100,000 characters"];

    static bool Text(ref Utf8JsonReader reader, int longest, ref string? value)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return false;
        }

        value = reader.GetString();
        return value!.Length <= longest;
    }

    bool Kind(ref Utf8JsonReader reader)
    {
        _kind = reader.TokenType != JsonTokenType.String ? null
            : reader.ValueTextEquals("start"u8) ? RunEventKind.Start
            : reader.ValueTextEquals("success"u8) ? RunEventKind.Success
            : reader.ValueTextEquals("fail"u8) ? RunEventKind.Fail
            : reader.ValueTextEquals("misfire"u8) ? RunEventKind.Misfire
            : reader.ValueTextEquals("log"u8) ? RunEventKind.Log
            : null;
        return _kind is not null;
    }

    static bool Time(ref Utf8JsonReader reader, ref long? value)
    {
        if (reader.TokenType != JsonTokenType.String || !reader.TryGetDateTimeOffset(out var time))
        {
            return false;
        }

        value = Math.Max(1, time.ToUnixTimeMilliseconds());
        return true;
    }

    bool Duration(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String
            || !TimeSpan.TryParseExact(reader.GetString(), "c", CultureInfo.InvariantCulture, out var duration)
            || duration < TimeSpan.Zero || duration > Durations.Most)
        {
            return false;
        }

        _duration = (long)duration.TotalMilliseconds;
        return true;
    }

    bool Exit(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var exit) || exit is < 0 or > 255)
        {
            return false;
        }

        _exitStatus = exit;
        return true;
    }

    static string Cut(string? text) => text is null ? "" : text.Length <= 50 ? text : text[..50] + "…";
}
