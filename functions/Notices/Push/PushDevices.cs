using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Notices.Push;

/// <summary>A browser that shows notices to its owner.</summary>
public sealed record PushDevice(string Id, string Name, DateTimeOffset Since);

/// <summary>What a browser says when it has subscribed.</summary>
/// <param name="Name">What its owner calls it.</param>
/// <param name="P256dh">Its public key, base64url.</param>
/// <param name="Auth">Its secret, base64url.</param>
public sealed record PushDeviceRequest(string? Name, string? Endpoint, string? P256dh, string? Auth)
{
    /// <summary>Never the secret: records print their members.</summary>
    public override string ToString() => Name ?? "";
}

/// <param name="Key">The key with which browsers subscribe, base64url.</param>
public sealed record PushDeviceList(string Key, IReadOnlyList<PushDevice> Items, string? Next = null);

/// <summary>Browsers of people: each a channel <c>user.{id}.push-{hash}</c> of its own, which goes when its push service says that it is gone.</summary>
sealed class PushDevices(ChannelStore channels, UserStore users, PushChannel push, VapidKeys keys, TimeProvider clock)
{
    public const int Most = 10;
    const string Part = PushChannel.KindName + "-";
    const int IdLength = 16;

    public async Task<PushDeviceList> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        var known = await channels.ListOwnedAsync(caller.Tenant, PersonChannels.SubjectOf(caller.Id), cancellationToken);
        return new PushDeviceList((await keys.GetAsync(cancellationToken)).Public, [.. known.Where(way => way.Kind == PushChannel.KindName && way.Settings.Length > 0).Select(Show)]);
    }

    /// <summary>Null when the caller is no person.</summary>
    /// <exception cref="InvalidRequestException">The text says what is wrong.</exception>
    public async Task<PushDevice?> AddAsync(Caller caller, PushDeviceRequest request, CancellationToken cancellationToken)
    {
        if (await users.GetAsync(caller.Tenant, caller.Id, cancellationToken) is not { } user)
        {
            return null;
        }

        var asked = new PushSettings(request.Endpoint, request.P256dh, request.Auth, request.Name, clock.GetUtcNow());
        var settings = push.Accept(JsonSerializer.SerializeToElement(asked, NoticesJson.Default.PushSettings), null);
        var id = PersonChannels.IdOf(caller.Id, Part + Keys.Hash(PushChannel.Read(settings).Endpoint!)[..IdLength]);
        var known = (await ListAsync(caller, cancellationToken)).Items;
        if (known.Count >= Most && !known.Any(device => id.EndsWith(device.Id, StringComparison.Ordinal)))
        {
            throw new InvalidRequestException($"You have {Most} browsers here already: remove one that you do not use.");
        }

        var channel = new Channel(caller.Tenant, id, PushChannel.KindName, user.Name, Level.Warning, IsEnabled: true, settings);
        await channels.PutAsync(channel, cancellationToken);
        return Show(channel);
    }

    /// <summary>False when the caller has no such browser.</summary>
    public async Task<bool> RemoveAsync(Caller caller, string id, CancellationToken cancellationToken) =>
        id.Length == IdLength && id.All(char.IsAsciiHexDigitLower) && await channels.DeleteAsync(caller.Tenant, PersonChannels.IdOf(caller.Id, Part + id), cancellationToken);

    static PushDevice Show(Channel channel)
    {
        var settings = PushChannel.Read(channel.Settings);
        return new PushDevice(channel.Id[^IdLength..], settings.Name ?? "", settings.At ?? default);
    }
}
