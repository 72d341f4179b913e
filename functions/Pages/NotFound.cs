namespace Watchdesk.Pages;

/// <summary>A page that says that something is not there (any more).</summary>
static class NotFound
{
    public static IResult Of(HttpContext context) => new Page<NotFoundPage>(PageFrame.Of(context, "Not found")) { Status = StatusCodes.Status404NotFound };
}
