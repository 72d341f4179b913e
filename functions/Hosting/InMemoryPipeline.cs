namespace Watchdesk.Hosting;

/// <summary>
/// The whole ASP.NET pipeline as it serves sockets, for invocations that are made in this process: the same middleware,
/// routing and envelope bytes, without a socket.
/// </summary>
public sealed class InMemoryPipeline(IServiceScopeFactory scopes) : IStartupFilter
{
    RequestDelegate? _pipeline;

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(pipeline => _pipeline = pipeline);
        next(app);
    };

    /// <summary>Posts an envelope to a function and gives what the host would look at.</summary>
    public async Task<(int Status, string? ContentType, string Body)> InvokeAsync(string function, ReadOnlyMemory<byte> envelope, string invocationId, CancellationToken cancellationToken)
    {
        var pipeline = _pipeline ?? throw new InvalidOperationException("The desk has not started.");
        await using var scope = scopes.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider, RequestAborted = cancellationToken };
        context.Features.Set(InMemoryInvocation.Instance);
        var request = context.Request;
        request.Method = HttpMethods.Post;
        request.Scheme = "http";
        request.Host = new HostString("127.0.0.1");
        request.Path = "/" + function;
        request.ContentType = "application/json; charset=utf-8";
        request.ContentLength = envelope.Length;
        request.Headers["X-Azure-Functions-InvocationId"] = invocationId;
        request.Headers.UserAgent = "Azure-Functions-Host/embedded";
        request.Body = new MemoryStream(envelope.ToArray(), writable: false);
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        await pipeline(context);
        return (context.Response.StatusCode, context.Response.ContentType, System.Text.Encoding.UTF8.GetString(answer.GetBuffer(), 0, (int)answer.Length));
    }
}
