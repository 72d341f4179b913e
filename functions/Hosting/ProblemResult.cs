namespace Watchdesk.Hosting;

/// <summary>An expected refusal with a sentence of its own, as an answer.</summary>
public sealed class ProblemResult(int status, string detail) : IResult
{
    public static ProblemResult Conflict(string detail) => new(StatusCodes.Status409Conflict, detail);

    public static ProblemResult Changed(string detail) => new(StatusCodes.Status412PreconditionFailed, detail);

    public Task ExecuteAsync(HttpContext httpContext) => new Problem(status, detail).WriteAsync(httpContext);
}
