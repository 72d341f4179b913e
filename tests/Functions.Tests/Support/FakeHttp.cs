using System.Net;
using System.Text;

namespace Watchdesk.Tests.Support;

/// <summary>
/// The other side of every HTTP client in a test: answers planned calls, each once and the first that fits, and fails
/// on any unplanned one. <see cref="Verify"/> also fails when a call was swallowed or never came.
/// </summary>
public sealed class FakeHttp : HttpMessageHandler
{
    readonly List<Plan> plans = [];
    readonly List<SentRequest> sent = [];
    readonly List<string> unplanned = [];
    readonly Lock gate = new();

    /// <summary>All calls in the order they came.</summary>
    public IReadOnlyList<SentRequest> Sent
    {
        get
        {
            lock (gate)
            {
                return [.. sent];
            }
        }
    }

    /// <param name="url">The whole address; a * at its end stands for any rest.</param>
    /// <param name="headers">Lines such as <c>Retry-After: 2</c>.</param>
    public FakeHttp Answer(string method, string url, int status, string body = "", string mediaType = "application/json", params string[] headers) =>
        Answer(method, url, _ => Response(status, body, mediaType, headers));

    public FakeHttp Answer(string method, string url, Func<SentRequest, HttpResponseMessage> answer)
    {
        lock (gate)
        {
            plans.Add(new Plan(method, url, answer));
        }

        return this;
    }

    /// <summary>The call gets no answer.</summary>
    public FakeHttp Break(string method, string url, Exception? exception = null) =>
        Answer(method, url, _ => throw exception ?? new HttpRequestException("The connection was reset."));

    public static HttpResponseMessage Response(int status, string body = "", string mediaType = "application/json", params string[] headers)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, mediaType) };
        foreach (var line in headers)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var (name, value) = (line[..colon], line[(colon + 1)..].Trim());
            if (!response.Headers.TryAddWithoutValidation(name, value))
            {
                response.Content.Headers.Remove(name);
                response.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return response;
    }

    /// <summary>Every planned call came and no other.</summary>
    public void Verify()
    {
        lock (gate)
        {
            unplanned.ShouldBeEmpty();
            plans.Where(plan => !plan.Used).Select(plan => $"{plan.Method} {plan.Url}").ShouldBeEmpty();
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var call = new SentRequest(request.Method.Method, request.RequestUri!, Headers(request), body);
        var response = Take(call).Answer(call);
        response.RequestMessage = request;
        return response;
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        SendAsync(request, cancellationToken).GetAwaiter().GetResult();

    Plan Take(SentRequest call)
    {
        lock (gate)
        {
            sent.Add(call);
            var plan = plans.Find(plan => !plan.Used && plan.Fits(call));
            if (plan is null)
            {
                unplanned.Add($"{call.Method} {call.Url.AbsoluteUri}");
                throw new InvalidOperationException($"Nobody planned {call.Method} {call.Url.AbsoluteUri}");
            }

            plan.Used = true;
            return plan;
        }
    }

    static Dictionary<string, string> Headers(HttpRequestMessage request)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in request.Headers.NonValidated.Concat(request.Content?.Headers.NonValidated ?? default))
        {
            headers[name] = string.Join(", ", values);
        }

        return headers;
    }

    sealed class Plan(string method, string url, Func<SentRequest, HttpResponseMessage> answer)
    {
        public string Method => method;

        public string Url => url;

        public Func<SentRequest, HttpResponseMessage> Answer => answer;

        public bool Used { get; set; }

        public bool Fits(SentRequest call) =>
            call.Method == method
            && (url.EndsWith('*') ? call.Url.AbsoluteUri.StartsWith(url[..^1], StringComparison.Ordinal) : call.Url.AbsoluteUri == url);
    }
}

public sealed record SentRequest(string Method, Uri Url, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
