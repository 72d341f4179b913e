using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Watchdesk.Heartbeats;

/// <summary>
/// Tells Watchdesk the start and the end of one command. The start is sent while the command runs; when it did not get
/// through, it is sent again together with the end. The run id makes every repetition count once.
/// </summary>
sealed class RunReport(HttpClient http, Uri address, RunCommandLine line, TimeProvider clock) : IDisposable
{
    static readonly TimeSpan _attemptLimit = TimeSpan.FromSeconds(5);
    static readonly TimeSpan _startLimit = TimeSpan.FromSeconds(30);
    static readonly TimeSpan _patienceForStart = TimeSpan.FromSeconds(2);

    readonly CancellationTokenSource _startAbort = new();
    DateTimeOffset _startedAt;
    long _startedTimestamp;
    string _runId = "";
    Task<string?> _start = Task.FromResult<string?>("not started");

    /// <summary>Null when there is no address or key that could be used.</summary>
    public static RunReport? For(RunCommandLine line, HttpClient http, TimeProvider clock) =>
        line.Key.Length > 0 && !line.Key.AsSpan().ContainsAnyExceptInRange('!', '~')
        && Uri.TryCreate($"{line.Url.TrimEnd('/')}/api/v1/heartbeats", UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? new RunReport(http, address, line, clock)
            : null;

    public void Start(string runId)
    {
        (_startedAt, _startedTimestamp, _runId) = (clock.GetUtcNow(), clock.GetTimestamp(), runId);
        _start = SendAsync(Event("start", _startedAt, null), _startLimit, _startAbort.Token);
    }

    /// <returns>Why Watchdesk could not be told; null when it was.</returns>
    public async Task<string?> EndAsync(CommandEnd end)
    {
        var last = Event(end.ExitStatus == 0 ? "success" : "fail", clock.GetUtcNow(), end);
        byte[] both = [.. Event("start", _startedAt, null), .. last];
        _startAbort.CancelAfter(_patienceForStart < line.Wait ? _patienceForStart : line.Wait);
        var isStartKnown = await _start is null;
        return await SendAsync(isStartKnown ? last : both, line.Wait, CancellationToken.None);
    }

    public void Dispose() => _startAbort.Dispose();

    byte[] Event(string kind, DateTimeOffset at, CommandEnd? end)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("job"u8, line.Job);
            json.WriteString("runId"u8, _runId);
            json.WriteString("kind"u8, kind);
            json.WriteString("at"u8, at.UtcDateTime);
            json.WriteString("host"u8, Environment.MachineName);
            if (line.Every is { } every)
            {
                json.WriteString("nextAt"u8, (_startedAt + every + line.Grace).UtcDateTime);
            }

            if (end is not null)
            {
                json.WriteString("duration"u8, clock.GetElapsedTime(_startedTimestamp).ToString("c", CultureInfo.InvariantCulture));
                json.WriteNumber("exitStatus"u8, end.ExitStatus);
                if (end.Output is { Length: > 0 })
                {
                    json.WriteString("message"u8, end.Output);
                }
            }

            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <returns>The last problem; null when it was taken.</returns>
    async Task<string?> SendAsync(byte[] body, TimeSpan limit, CancellationToken abort)
    {
        using var enough = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, abort);
        var problem = "no time was left";
        try
        {
            for (var pause = TimeSpan.FromMilliseconds(500); ; pause *= 2)
            {
                (var isFinal, problem, var retryAfter) = await TryAsync(body, either.Token);
                if (isFinal)
                {
                    return problem;
                }

                await Task.Delay(retryAfter ?? pause, clock, either.Token);
            }
        }
        catch (OperationCanceledException)
        {
            return problem;
        }
    }

    async Task<(bool IsFinal, string? Problem, TimeSpan? RetryAfter)> TryAsync(byte[] body, CancellationToken cancellationToken)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        attempt.CancelAfter(_attemptLimit);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", line.Key);
            using var answer = await http.SendAsync(request, attempt.Token);
            var isTransient = (int)answer.StatusCode is 408 or 429 or >= 500;
            return (!isTransient, answer.IsSuccessStatusCode ? null : $"it answered {(int)answer.StatusCode}", answer.Headers.RetryAfter?.Delta);
        }
        catch (HttpRequestException error)
        {
            return (false, error.Message, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (false, "it did not answer in time", null);
        }
    }
}
