namespace Watchdesk.Pages;

/// <summary>Adds the web desk.</summary>
public static class PagesFeature
{
    public static void AddPages(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
    }

    public static void MapPages(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        AssetFiles.Map(app);
        SignIn.Map(app);
        SettingsPages.Map(app);
        DeadLetterPages.Map(app);
    }
}
