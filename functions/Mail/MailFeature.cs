using Watchdesk.Clients;
using Watchdesk.Heartbeats;
using Watchdesk.Incidents.Reports;
using Watchdesk.Mail.Rules;
using Watchdesk.Mail.Search;
using Watchdesk.Schedules;

namespace Watchdesk.Mail;

/// <summary>Adds monitoring mail: its way in, tags, series, and what they owe.</summary>
public static class MailFeature
{
    public static void AddMail(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<MailBody>();
        services.AddSingleton<MailDirectory>();
        services.AddSingleton<RecordMail>();
        services.AddSingleton<SeenMails>();
        services.AddSingleton<IExpiring>(provider => provider.GetRequiredService<SeenMails>());
        services.AddSingleton<MailStore>();
        services.AddSingleton<UnclassifiedMails>();
        services.AddSingleton<MailRuleStore>();
        services.AddSingleton<MailRuleDesk>();
        services.AddSingleton<MailRuleTrial>();
        services.AddSingleton<MailCounts>();
        services.AddSingleton<CountMails>(provider => provider.GetRequiredService<MailCounts>().CountAsync);
        services.AddSingleton<FindMails>();
        services.AddSingleton<SearchDesk>();
        services.AddSingleton<MailEvents>();
        services.AddSingleton<SeriesRows>();
        services.AddSingleton<SeriesTeller>();
        services.AddSingleton<SeriesDesk>();
        services.AddSingleton<ApplyMails>();
        services.AddSingleton<KeepMails>();
        services.AddSingleton<MailApi>();
        services.AddSingleton<IInboxConsumer, TakeMail>();
        services.AddSingleton<IDueHandler, SeriesLookout>();
        services.AddSingleton(SeriesRows.Walked);
        services.AddSingleton<IDueHandler, OldSeriesWalk>();
        services.AddSingleton<IDueHandler, MailRetention>();
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, MailJson.Default));
    }

    public static void MapMail(this WebApplication app)
    {
        RecordMail.Map(app);
        MailApi.Map(app);
        MailRulesApi.Map(app);
        SearchApi.Map(app);
    }
}
