using System.Text.Json;
using Watchdesk.Hosting;
using Watchdesk.Notices;
using Watchdesk.Tenants;

namespace Watchdesk.Configuration;

/// <summary>Channels in a document, known by their name. A masked secret stays as it is stored.</summary>
sealed class ChannelsConfig(ChannelDesk desk, ChannelStore store) : IConfigKind
{
    public string Member => "channels";

    public string Noun => "channel";

    public int Most => ChannelStore.MaxChannels;

    public async Task<IReadOnlyList<ConfigEntry>> ReadAsync(string tenant, CancellationToken cancellationToken)
    {
        var channels = await desk.ListAsync(tenant, cancellationToken);
        ConfigEntry.TellApart(Member, channels.Select(channel => channel.Name));
        return [.. channels.Select(channel => EntryOf(channel, token => store.DeleteAsync(tenant, channel.Id, token)))];
    }

    public Task<ConfigEntry> CheckAsync(Caller caller, JsonElement item, IReadOnlyDictionary<string, ConfigEntry> stored, CancellationToken cancellationToken) =>
        Task.FromResult(Check(caller.Tenant, item, stored));

    ConfigEntry Check(string tenant, JsonElement item, IReadOnlyDictionary<string, ConfigEntry> stored)
    {
        var request = item.Deserialize(NoticesJson.Default.ChannelRequest)!;
        if (stored.GetValueOrDefault(request.Name?.Trim() ?? "")?.Stored is Channel before)
        {
            return EntryOf(desk.Changed(before, request), async token =>
            {
                if (await desk.ReplaceAsync(before, request, token) is null)
                {
                    throw new InvalidRequestException($"The channel {before.Name} was changed meanwhile; send the document again.");
                }
            });
        }

        return EntryOf(desk.Draft(tenant, request), token => desk.CreateAsync(tenant, request, token));
    }

    ConfigEntry EntryOf(Channel channel, Func<CancellationToken, Task> apply)
    {
        var shown = desk.Show(channel);
        var definition = new ChannelRequest(shown.Kind, shown.Name, shown.Settings, shown.MinSeverity, shown.Enabled, shown.Digest);
        return new ConfigEntry(channel.Name, JsonSerializer.SerializeToElement(definition, NoticesJson.Default.ChannelRequest)) { Hidden = channel.Settings, Stored = channel, ApplyAsync = apply };
    }
}
