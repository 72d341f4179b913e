using System.Text.Json;
using Watchdesk.Notices.Mail;
using Watchdesk.Notices.Push;
using Watchdesk.Tenants;

namespace Watchdesk.Notices;

/// <param name="Ways">Channels of this person only.</param>
public sealed record Person(string Id, string Name, IReadOnlyList<Channel> Ways);

/// <summary>
/// How a person is told: channels <c>user.{id}.{kind}</c>. Who has said nothing gets mail at the address that is the login, and in the
/// browsers that were added. These keep to the quiet hours that were given for mail.
/// </summary>
public sealed class PersonChannels(ChannelStore channels, UserStore users)
{
    public const string Mail = "e-mail";
    const int AtOnce = 8;

    public static string SubjectOf(string user) => $"user:{user}";

    public static string IdOf(string user, string kind) => Channel.PrefixOf(SubjectOf(user)) + kind;

    /// <summary>Those of these people who are there and not switched off, in the same order.</summary>
    public async Task<IReadOnlyList<Person>> ListAsync(string tenant, IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        var people = new List<Person>();
        foreach (var chunk in ids.Distinct(StringComparer.Ordinal).Chunk(AtOnce))
        {
            people.AddRange((await Task.WhenAll(chunk.Select(id => FindAsync(tenant, id, cancellationToken)))).OfType<Person>());
        }

        return people;
    }

    /// <summary>Null for nobody, or somebody who may not sign in.</summary>
    public async Task<Person?> FindAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        if (!ChannelsApi.IsId(id) || await users.GetAsync(tenant, id, cancellationToken) is not { IsDisabled: false } user)
        {
            return null;
        }

        var said = await channels.ListOwnedAsync(tenant, SubjectOf(id), cancellationToken);
        var quiet = said.FirstOrDefault(way => way.Kind == Mail)?.Quiet;
        IReadOnlyList<Channel> stored = [.. said.Select(way => way.Kind == PushChannel.KindName ? way with { Quiet = quiet } : way)];
        var hasSaid = stored.Any(way => way.Kind != PushChannel.KindName);
        return new Person(id, user.Name, !hasSaid && ByLogin(user) is { } mail ? [mail, .. stored] : stored);
    }

    /// <summary>A channel of the tenant, of a subject or of a person. Null when it is gone.</summary>
    public async Task<Channel?> GetAsync(string tenant, string channel, CancellationToken cancellationToken) =>
        channel.Split('.') is ["user", var user, _]
            ? (await FindAsync(tenant, user, cancellationToken))?.Ways.FirstOrDefault(way => way.Id == channel)
            : await channels.GetAsync(tenant, channel, cancellationToken);

    static Channel? ByLogin(User user) => MailChannel.IsAddress(user.Login) && user.Login.Contains('@', StringComparison.Ordinal)
        ? new Channel(user.Tenant, IdOf(user.Id, Mail), Mail, user.Name, Level.Warning, IsEnabled: true, JsonSerializer.Serialize(new MailToSettings(user.Login), NoticesJson.Default.MailToSettings))
        : null;
}
