namespace Watchdesk.Notices;

/// <summary>Adds the outbox and its channels.</summary>
public static class NoticesFeature
{
    public static void AddNotices(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
    }

    public static void MapNotices(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
    }
}
