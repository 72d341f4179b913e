using System.Net;
using System.Text.Json;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Client;

/// <summary>The other side of <c>POST /api/v1/heartbeats</c>: keeps every event once by its job, run id and kind, as the desk does.</summary>
public sealed class DeskDouble : HttpMessageHandler
{
    readonly Lock _gate = new();
    readonly List<SentRequest> _requests = [];
    readonly List<JsonElement> _events = [];
    readonly HashSet<string> _known = new(StringComparer.Ordinal);
    readonly Queue<Func<HttpResponseMessage>> _answers = new();
    TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes before an answer is given; a test sets it to keep requests hanging.</summary>
    public Task Hold { get; set; } = Task.CompletedTask;

    /// <summary>What every request gets when no single answer is planned; null: it is taken.</summary>
    public Func<HttpResponseMessage>? Always { get; set; }

    public IReadOnlyList<SentRequest> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>Events that were taken, each once.</summary>
    public IReadOnlyList<JsonElement> Events
    {
        get
        {
            lock (_gate)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>The next request gets this answer.</summary>
    public DeskDouble Then(Func<HttpResponseMessage> answer)
    {
        lock (_gate)
        {
            _answers.Enqueue(answer);
        }

        return this;
    }

    public DeskDouble Then(int status, string body = "", params string[] headers) => Then(() => FakeHttp.Response(status, body, "application/json", headers));

    public DeskDouble ThenBreak() => Then(() => throw new HttpRequestException("Connection refused"));

    /// <summary>The first event that fits, as soon as it is there.</summary>
    public async Task<JsonElement> EventAsync(Func<JsonElement, bool> fits, int limitSeconds = 20)
    {
        using var tooLong = new CancellationTokenSource(TimeSpan.FromSeconds(limitSeconds));
        while (true)
        {
            Task arrival;
            lock (_gate)
            {
                if (_events.Find(e => fits(e)) is { ValueKind: JsonValueKind.Object } found)
                {
                    return found;
                }

                arrival = _arrived.Task;
            }

            try
            {
                await arrival.WaitAsync(tooLong.Token);
            }
            catch (OperationCanceledException late)
            {
                throw new TimeoutException($"No such event among:\n{string.Join('\n', Events)}", late);
            }
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
        var headers = request.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        var sent = new SentRequest(request.Method.Method, request.RequestUri!, headers, body);
        Func<HttpResponseMessage>? answer;
        lock (_gate)
        {
            _requests.Add(sent);
            answer = _answers.TryDequeue(out var planned) ? planned : Always;
            Arrived();
        }

        await Hold.WaitAsync(cancellationToken);
        var response = answer?.Invoke() ?? FakeHttp.Response(202, """{"accepted":1,"refused":[]}""");
        if (response.StatusCode == HttpStatusCode.Accepted)
        {
            Take(sent.Text);
        }

        return response;
    }

    void Take(string lines)
    {
        lock (_gate)
        {
            foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var e = JsonElement.Parse(line);
                if (e.Text("runId") is not { } runId || _known.Add($"{e.Text("job")}~{runId}~{e.Text("kind")}"))
                {
                    _events.Add(e);
                }
            }

            Arrived();
        }
    }

    void Arrived()
    {
        _arrived.TrySetResult();
        _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

public static class JsonText
{
    public static string? Text(this JsonElement e, string name) => e.TryGetProperty(name, out var value) ? value.GetString() : null;
}
