using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Pages;

/// <summary>What every page shows around its content.</summary>
/// <param name="Path">Without the query; marks where one is.</param>
/// <param name="Done">A sentence about what a button has just done.</param>
/// <param name="Standing">A line that stands on every page: the storage is only for trying.</param>
public sealed record PageFrame(string Title, Caller? Caller, string Path, string? Done, DateTimeOffset Now, string PublicUrl, string? Standing)
{
    /// <summary>Stands for the antiforgery token until the page is sent, so that the page's ETag does not depend on it.</summary>
    public static readonly string TokenPlaceholder = RandomNumberGenerator.GetHexString(32, lowercase: true);

    public static PageFrame Of(HttpContext context, string title)
    {
        ArgumentNullException.ThrowIfNull(context);
        var services = context.RequestServices;
        return new PageFrame(
            title,
            context.CallerOrNull(),
            context.Request.Path.Value ?? "/",
            DoneText.Of(context.Request.Query["done"]),
            services.GetRequiredService<TimeProvider>().GetUtcNow(),
            services.GetRequiredService<IOptions<DeskOptions>>().Value.PublicUrl,
            services.GetRequiredService<TrialStorage>().Sentence);
    }

    public bool May(Role role) => Caller?.Role >= role;
}
