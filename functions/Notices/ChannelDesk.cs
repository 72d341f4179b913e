using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Notices;

/// <summary>What people do with channels.</summary>
public sealed class ChannelDesk(ChannelStore channels, IEnumerable<INoticeChannel> kinds, DeliveryDesk deliveries, ChannelDigests digests, DeskOptions options, TimeProvider clock)
{
    const int MaxName = 100;

    public Task<IReadOnlyList<Channel>> ListAsync(string tenant, CancellationToken cancellationToken) => channels.ListAsync(tenant, cancellationToken);

    public async Task<Channel?> GetAsync(string tenant, string id, CancellationToken cancellationToken) =>
        ChannelsApi.IsId(id) ? await channels.GetAsync(tenant, id, cancellationToken) : null;

    /// <exception cref="InvalidRequestException">The text says what is wrong.</exception>
    public async Task<Channel> CreateAsync(string tenant, ChannelRequest request, CancellationToken cancellationToken)
    {
        var channel = Draft(tenant, request);
        if ((await channels.ListAsync(tenant, cancellationToken)).Count >= ChannelStore.MaxChannels)
        {
            throw new InvalidRequestException($"A tenant has at most {ChannelStore.MaxChannels} channels.");
        }

        channel = await digests.BeginAsync(channel, null, clock.GetUtcNow(), cancellationToken);
        await channels.AddAsync(channel, cancellationToken);
        return channel;
    }

    /// <returns>Null when somebody else changed it since it was read.</returns>
    /// <exception cref="InvalidRequestException">The text says what is wrong.</exception>
    public async Task<Channel?> ReplaceAsync(Channel stored, ChannelRequest request, CancellationToken cancellationToken)
    {
        var changed = await digests.BeginAsync(Changed(stored, request), stored, clock.GetUtcNow(), cancellationToken);
        return await channels.ReplaceAsync(changed, cancellationToken);
    }

    /// <summary>A new channel, checked and not stored.</summary>
    /// <exception cref="InvalidRequestException">The text says what is wrong.</exception>
    public Channel Draft(string tenant, ChannelRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var kind = KindOf(request.Kind);
        return new Channel(tenant, Keys.NewId(clock.GetUtcNow()), kind.Kind, Name(request), MinLevel(request), request.Enabled, Accept(kind, request.Settings, null))
        {
            Digest = request.Digest?.Checked(),
        };
    }

    /// <summary>A channel as it would be, checked and not stored.</summary>
    /// <exception cref="InvalidRequestException">The text says what is wrong.</exception>
    public Channel Changed(Channel stored, ChannelRequest request)
    {
        ArgumentNullException.ThrowIfNull(stored);
        ArgumentNullException.ThrowIfNull(request);
        if (request.Kind is not null && request.Kind != stored.Kind)
        {
            throw new InvalidRequestException("The kind of a channel cannot be changed; add another channel.");
        }

        return stored with
        {
            Name = Name(request),
            MinLevel = MinLevel(request),
            IsEnabled = request.Enabled,
            Settings = Accept(KindOf(stored.Kind), request.Settings, stored.Settings),
            Digest = request.Digest?.Checked(),
            Problem = "",
            ProblemAt = null,
        };
    }

    /// <summary>Sends now and says what really happened.</summary>
    public async Task<SendResult> TestAsync(Channel channel, Caller caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(caller);
        var now = clock.GetUtcNow();
        var id = "test." + Keys.NewId(now);
        var notice = new Notice(
            id, channel.Tenant, NoticeKind.Test, Level.Info, "", channel.Name, $"{caller.Name} tests this channel; nothing is wrong", now, now, "/",
            Advice: "Nothing. If you can read this, notices of the desk will reach you.", Told: [channel.Name]);
        var result = await deliveries.TryAsync(channel, new Message(notice, id, id, options.PublicUrl, now), cancellationToken);
        await deliveries.NoteChannelAsync(channel, result, now, cancellationToken);
        return result;
    }

    public ChannelAnswer Show(Channel channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        var settings = channel.Settings.Length > 0 ? KindOf(channel.Kind).Show(channel.Settings) : JsonSerializer.SerializeToElement([], NoticesJson.Default.IReadOnlyListString);
        var problem = channel.Problem.Length > 0 ? channel.Problem : null;
        return new ChannelAnswer(
            channel.Id, channel.Kind, channel.Name, channel.MinLevel, channel.IsEnabled, settings, channel.Digest, problem, problem is null ? null : channel.ProblemAt);
    }

    INoticeChannel KindOf(string? kind) => Own.FirstOrDefault(candidate => candidate.Kind == kind)
        ?? throw new InvalidRequestException($"kind is one of {string.Join(", ", Own.Select(candidate => candidate.Kind))}.");

    /// <summary>Mail to one address goes through a mail channel and is none by itself; browsers belong to people.</summary>
    IEnumerable<INoticeChannel> Own => kinds.Where(kind => kind is not (Mail.MailToChannel or Push.PushChannel));

    static string Accept(INoticeChannel kind, JsonElement settings, string? stored)
    {
        if (settings.ValueKind == JsonValueKind.Undefined && stored is { Length: > 0 })
        {
            return stored;
        }

        return settings.ValueKind == JsonValueKind.Object
            ? kind.Accept(settings, stored)
            : throw new InvalidRequestException($"settings is an object with what a channel of the kind {kind.Kind} needs.");
    }

    static string Name(ChannelRequest request) =>
        request.Name?.Trim() is { Length: > 0 and <= MaxName } name && !name.Any(char.IsControl)
            ? name
            : throw new InvalidRequestException($"name has 1 to {MaxName} characters, without control characters.");

    static Level MinLevel(ChannelRequest request) =>
        Enum.IsDefined(request.MinSeverity) ? request.MinSeverity : throw new InvalidRequestException("minSeverity is info, warning or critical.");
}
