using Watchdesk.Pages.People;

namespace Watchdesk.Pages;

/// <summary>Adds the web desk.</summary>
public static class PagesFeature
{
    public static void AddPages(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<DeskPages>();
        builder.Services.AddSingleton<JobPages>();
        builder.Services.AddSingleton<JobFormPages>();
        builder.Services.AddSingleton<IncidentPages>();
        builder.Services.AddSingleton<IncidentListPages>();
        builder.Services.AddSingleton<SilencePages>();
        builder.Services.AddSingleton<NoticePages>();
        builder.Services.AddSingleton<ChartPages>();
        builder.Services.AddSingleton<RulePages>();
        builder.Services.AddSingleton<MailPages>();
        builder.Services.AddSingleton<MailRulePages>();
        builder.Services.AddSingleton<SearchPages>();
        builder.Services.AddSingleton<ReportPages>();
        builder.Services.AddSingleton<SettingsPages>();
        builder.Services.AddSingleton<ProfilePages>();
        builder.Services.AddSingleton<PeoplePages>();
        builder.Services.AddSingleton<ChannelPages>();
        builder.Services.AddSingleton<OperationPages>();
        builder.Services.AddSingleton<EscalationPages>();
        builder.Services.AddSingleton<Badges>();
        builder.Services.AddSingleton<StatusPages>();
        builder.Services.AddSingleton<MetricsPage>();
        builder.Services.AddSingleton<PrometheusMeters>();
    }

    public static void MapPages(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        AssetFiles.Map(app);
        SignIn.Map(app);
        SignUp.Map(app);
        ProfilePages.Map(app);
        PeoplePages.Map(app);
        AuditPages.Map(app);
        DeskPages.Map(app);
        JobPages.Map(app);
        JobFormPages.Map(app);
        IncidentPages.Map(app);
        IncidentListPages.Map(app);
        SilencePages.Map(app);
        NoticePages.Map(app);
        ChartPages.Map(app);
        RulePages.Map(app);
        MailPages.Map(app);
        MailRulePages.Map(app);
        SearchPages.Map(app);
        ReportPages.Map(app);
        DeadLetterPages.Map(app);
        SettingsPages.Map(app);
        ChannelPages.Map(app);
        OperationPages.Map(app);
        EscalationPages.Map(app);
        Badges.Map(app);
        StatusPages.Map(app);
        MetricsPage.Map(app);
        // It counts from here on.
        app.Services.GetRequiredService<PrometheusMeters>();
    }
}
