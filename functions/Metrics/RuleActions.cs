using System.Text.Json;
using Watchdesk.Hosting;
using Watchdesk.Notices;
using Watchdesk.Notices.Mail;

namespace Watchdesk.Metrics;

/// <summary>What a channel of a rule is made from.</summary>
/// <param name="AllowHost">Of a webhook that speaks Slack's language on another host: which hosts may be used is decided here.</param>
public sealed record ActionSettings(string? Url = null, string? To = null, string? AllowHost = null);

/// <summary>
/// The actions of a rule as channels that belong to it: the outbox sends them like any other, and only incidents of the rule go
/// there.
/// </summary>
public sealed class RuleActions(ChannelStore channels, IEnumerable<INoticeChannel> kinds)
{
    const string Mail = "gmail";
    const string Slack = "slack";
    const string SlackHost = "hooks.slack.com";
    const int MaxChannelName = 100;
    static readonly string[] Names = [Slack, Mail, "teams", "webhook"];

    /// <summary>The channels that the rule is to have. A value as it was shown keeps what is stored for it.</summary>
    /// <param name="mayChooseHost">An admin allows a host by saving it; others may use it from then on in channels only.</param>
    /// <exception cref="InvalidRequestException">The text says which action is wrong.</exception>
    public async Task<IReadOnlyList<Channel>> AcceptAsync(string tenant, Rule rule, IReadOnlyList<RuleAction>? wanted, bool mayChooseHost, CancellationToken cancellationToken)
    {
        if (wanted?.Count > Rule.MaxActions)
        {
            throw new InvalidRequestException($"A rule has at most {Rule.MaxActions} actions.");
        }

        var stored = await channels.ListOwnedAsync(tenant, rule.Subject, cancellationToken);
        var hosts = mayChooseHost ? [] : (await channels.ListAsync(tenant, cancellationToken)).Select(channel => HostOf(channel.Settings)).OfType<string>().Append(SlackHost).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var accepted = new List<Channel>();
        foreach (var action in wanted ?? [])
        {
            var id = $"{Channel.PrefixOf(rule.Subject)}{accepted.Count}";
            var before = stored.FirstOrDefault(channel => channel.Kind == action.Name && Show(channel).Value == action.Value);
            var settings = before?.Settings ?? Accept(action, accepted.Count + 1);
            if (before is null && !mayChooseHost && HostOf(settings) is { } host && !hosts.Contains(host))
            {
                throw new InvalidRequestException($"Action {accepted.Count + 1}: {host} is not allowed here yet; an admin allows it by adding a channel on it.");
            }

            var name = $"{rule.Name}: {action.Name}";
            accepted.Add(new Channel(tenant, id, action.Name!, name.Length <= MaxChannelName ? name : name[^MaxChannelName..], Level.Info, true, settings));
        }

        return accepted;
    }

    /// <summary>Stores what was accepted and drops what the rule had besides.</summary>
    public async Task StoreAsync(string tenant, Rule rule, IReadOnlyList<Channel> accepted, CancellationToken cancellationToken)
    {
        foreach (var channel in accepted)
        {
            await channels.PutAsync(channel, cancellationToken);
        }

        foreach (var old in (await channels.ListOwnedAsync(tenant, rule.Subject, cancellationToken)).Where(old => accepted.All(channel => channel.Id != old.Id)))
        {
            await channels.DeleteAsync(tenant, old.Id, cancellationToken);
        }
    }

    /// <summary>Drops the channels of a rule that is gone.</summary>
    public async Task DeleteAsync(string tenant, string rule, CancellationToken cancellationToken)
    {
        foreach (var channel in await channels.ListOwnedAsync(tenant, Rule.SubjectOf(rule), cancellationToken))
        {
            await channels.DeleteAsync(tenant, channel.Id, cancellationToken);
        }
    }

    /// <summary>What is wrong with the channels of a rule, one sentence each.</summary>
    public async Task<IReadOnlyList<string>> ProblemsAsync(string tenant, Rule rule, CancellationToken cancellationToken)
    {
        var own = await channels.ListOwnedAsync(tenant, rule.Subject, cancellationToken);
        var hasServer = own.All(channel => channel.Kind != Mail) || MailToChannel.ServerOf(await channels.ListAsync(tenant, cancellationToken)) is not null;
        string[] server = hasServer ? [] : [$"{Mail}: {MailToChannel.NoServer}"];
        return [.. server, .. own.Where(channel => channel.Problem.Length > 0 && (hasServer || channel.Kind != Mail)).Select(channel => $"{channel.Kind}: {channel.Problem}")];
    }

    /// <summary>The action without its secret part.</summary>
    public RuleAction Show(Channel channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        var shown = channel.Settings.Length > 0 ? KindOf(channel.Kind)?.Show(channel.Settings) : null;
        return new RuleAction(channel.Kind, shown is { } settings ? Text(settings, "url") ?? Text(settings, "to") : null);
    }

    string Accept(RuleAction action, int number)
    {
        if (!Names.Contains(action.Name, StringComparer.Ordinal) || KindOf(action.Name) is not { } kind)
        {
            throw new InvalidRequestException($"Action {number}: name is one of {string.Join(", ", Names.Where(name => KindOf(name) is not null))}.");
        }

        if (action.Value is not { Length: > 0 } value || value.Contains(Secrets.Mask, StringComparison.Ordinal) || value.Contains('…', StringComparison.Ordinal))
        {
            throw new InvalidRequestException($"Action {number}: value is {(action.Name == Mail ? "a mail address" : "the whole address")} to send to.");
        }

        try
        {
            var settings = action.Name switch
            {
                Mail => new ActionSettings(To: value),
                Slack => new ActionSettings(value, AllowHost: Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Host != SlackHost ? uri.Host : null),
                _ => new ActionSettings(value),
            };
            return kind.Accept(JsonSerializer.SerializeToElement(settings, MetricsJson.Default.ActionSettings), null);
        }
        catch (InvalidRequestException wrong)
        {
            throw new InvalidRequestException($"Action {number}: {wrong.Message}");
        }
    }

    INoticeChannel? KindOf(string? name) => kinds.FirstOrDefault(kind => kind.Kind == name);

    static string? HostOf(string settings)
    {
        using var json = JsonDocument.Parse(settings.Length > 0 ? settings : "{}");
        return Text(json.RootElement, "url") is { } url && Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri.Host : null;
    }

    static string? Text(JsonElement settings, string name) =>
        settings.ValueKind == JsonValueKind.Object && settings.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
