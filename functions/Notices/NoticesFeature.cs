using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Notices.Mail;
using Watchdesk.Notices.Push;
using Watchdesk.Notices.Slack;
using Watchdesk.Notices.Teams;
using Watchdesk.Notices.Webhook;
using Watchdesk.Schedules;

namespace Watchdesk.Notices;

/// <summary>Adds the outbox and its channels.</summary>
public static class NoticesFeature
{
    public static void AddNotices(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddSingleton<HistoryStore>();
        services.AddSingleton<NoticeStore>();
        services.AddSingleton<IExpiring>(provider => provider.GetRequiredService<NoticeStore>());
        services.AddSingleton<ChannelStore>();
        services.AddSingleton<PersonChannels>();
        services.AddSingleton<NoticePreferences>();
        services.AddSingleton<PaceStore>();
        services.AddSingleton<Outbox>();
        services.AddSingleton<DeliveryDesk>();
        services.AddSingleton<NoticeSender>();
        services.AddSingleton<RetryNotices>();
        services.AddSingleton<ChannelDesk>();
        services.AddSingleton<ChannelDigests>();
        services.AddSingleton<IDueHandler, NoticeDue>();

        services.AddSingleton(provider => OutgoingHttp.Create(IsEmbedded(provider)));
        services.AddSingleton<INoticeChannel, WebhookChannel>();
        services.AddSingleton<INoticeChannel, TeamsChannel>();
        services.AddSingleton<INoticeChannel, SlackChannel>();
        services.AddSingleton(provider => new MailChannel(IsEmbedded(provider)));
        services.AddSingleton<INoticeChannel>(provider => provider.GetRequiredService<MailChannel>());
        services.AddSingleton<INoticeChannel, MailToChannel>();
        services.AddSingleton<VapidKeys>();
        services.AddSingleton<PushChannel>();
        services.AddSingleton<INoticeChannel>(provider => provider.GetRequiredService<PushChannel>());
        services.AddSingleton<PushDevices>();
        services.AddSingleton<INoticeChannel>(provider => new MailToChannel(provider.GetRequiredService<ChannelStore>(), provider.GetRequiredService<MailChannel>(), PersonChannels.Mail));
    }

    public static void MapNotices(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        SendNotices.Map(app);
        ChannelsApi.Map(app);
        NoticesApi.Map(app);
        NoticePreferencesApi.Map(app);
        PushDevicesApi.Map(app);
    }

    static bool IsEmbedded(IServiceProvider provider) => !provider.GetRequiredService<DeskStart>().IsHandler;
}
