using System.Text.Json;
using Watchdesk.Hosting;
using Watchdesk.Notices;

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
        if (channels.GroupBy(channel => channel.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } several)
        {
            throw new InvalidRequestException($"{several.Count()} channels have the name {several.Key}; a document knows them by name, so rename or delete one first.");
        }

        return [.. channels.Select(channel => EntryOf(channel, token => store.DeleteAsync(tenant, channel.Id, token)))];
    }

    public ConfigEntry Check(string tenant, JsonElement item, IReadOnlyDictionary<string, ConfigEntry> stored)
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
