using Watchdesk.Hosting;

namespace Watchdesk.Pages;

static class FormReading
{
    /// <exception cref="InvalidRequestException">The body is no form.</exception>
    public static async Task<IFormCollection> FormAsync(this HttpContext context) => context.Request.HasFormContentType
        ? await context.Request.ReadFormAsync(context.RequestAborted)
        : throw new InvalidRequestException("Send the fields as a form.");
}
