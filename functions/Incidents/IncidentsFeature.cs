using Microsoft.Extensions.DependencyInjection.Extensions;
using Watchdesk.Clients;
using Watchdesk.Incidents.Reports;
using Watchdesk.Incidents.Search;
using Watchdesk.Notices;
using Watchdesk.Schedules;
using Watchdesk.Tenants.People;

namespace Watchdesk.Incidents;

/// <summary>Adds signals, incidents and their history.</summary>
public static class IncidentsFeature
{
    public static void AddIncidents(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddSingleton(new OutboxHome(Tables.Incidents));
        services.AddSingleton<IncidentStore>();
        services.AddSingleton<IncidentLists>();
        services.AddSingleton<IncidentDesk>();
        services.AddSingleton<IncidentWriter>();
        services.AddSingleton<IncidentActions>();
        services.AddSingleton<IncidentMerges>();
        services.AddSingleton<BulkActions>();
        services.AddSingleton<Assignees>();
        services.AddSingleton<ReachStore>();
        services.AddSingleton<SubscriptionStore>();
        services.AddSingleton<SubscriptionDesk>();
        services.AddSingleton<InterestStore>();
        services.AddSingleton<SilenceStore>();
        services.AddSingleton<IExpiring>(provider => provider.GetRequiredService<SilenceStore>());
        services.AddSingleton<SilenceDesk>();
        services.AddSingleton<IDueHandler, SilenceDue>();
        services.TryAddSingleton<Groups>();
        services.AddSingleton<WhoIsTold>();
        services.AddSingleton<Reminders>();
        services.AddSingleton<IncidentRetention>();
        services.AddSingleton<IExpiring>(provider => provider.GetRequiredService<IncidentRetention>());
        services.AddSingleton<ReportDesk>();
        services.AddSingleton<WordDays>();
        services.AddSingleton<WordIndex>();
        services.AddSingleton<IndexIncidents>();
        services.AddSingleton<LostDues>();
        services.AddSingleton<NoteLost>(provider => provider.GetRequiredService<LostDues>().TellAsync);
        services.AddSingleton<StartEscalations>();
        services.AddSingleton<NoteStory>(provider => async (tenant, entries, cancellationToken) =>
        {
            await provider.GetRequiredService<IndexIncidents>().AddAsync(tenant, entries, cancellationToken);
            await provider.GetRequiredService<StartEscalations>().AddAsync(tenant, entries, cancellationToken);
        });
        services.AddSingleton<IDueHandler, WordRetention>();
        services.AddSingleton<IDueHandler, AcknowledgementDue>();
        services.AddSingleton<IDueHandler, ReminderDue>();
        services.AddSingleton<IDueHandler, DigestDue>();
    }

    public static void MapIncidents(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        IncidentsApi.Map(app);
        OwnershipApi.Map(app);
        SubscriptionsApi.Map(app);
        SilencesApi.Map(app);
        ReportsApi.Map(app);
        NoticeSettingsApi.Map(app);
    }
}
