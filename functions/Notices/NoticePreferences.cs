using System.Text.Json;
using Watchdesk.Hosting;
using Watchdesk.Notices.Mail;
using Watchdesk.Tenants;

namespace Watchdesk.Notices;

/// <summary>How somebody is told on one channel.</summary>
/// <param name="Channel">e-mail, slack, teams or webhook.</param>
/// <param name="When">atOnce, digest (all of a day as one) or off.</param>
/// <param name="DigestAt">Of a digest: its time of day.</param>
/// <param name="Quiet">Nothing in these hours; what is critical comes through unless they say otherwise.</param>
/// <param name="MinSeverity">Less is not told.</param>
/// <param name="Settings">As the kind of channel has them; of e-mail <c>{"to":"eve@example.org"}</c>, the login when left out. Stored secrets stay when left out.</param>
public sealed record Preference(string? Channel, string? When = "atOnce", DailyTime? DigestAt = null, QuietHours? Quiet = null, Level MinSeverity = Level.Warning, JsonElement? Settings = null);

public sealed record PreferencesRequest(IReadOnlyList<Preference>? Items);

public sealed record PreferencesAnswer(IReadOnlyList<Preference> Items);

/// <summary>What people say about how they are told: kept as channels of their own.</summary>
public sealed class NoticePreferences(ChannelStore channels, PersonChannels people, IEnumerable<INoticeChannel> kinds)
{
    static readonly string[] Known = [PersonChannels.Mail, "slack", "teams", "webhook"];

    public async Task<PreferencesAnswer?> GetAsync(Caller caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return await people.FindAsync(caller.Tenant, caller.Id, cancellationToken) is { } person ? new PreferencesAnswer([.. WaysOf(person).Select(Show)]) : null;
    }

    /// <summary>In the place of all that was said before. Null when the caller is no person.</summary>
    /// <exception cref="InvalidRequestException">The text says what is wrong.</exception>
    public async Task<PreferencesAnswer?> PutAsync(Caller caller, IReadOnlyList<Preference> wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(wanted);
        if (await people.FindAsync(caller.Tenant, caller.Id, cancellationToken) is not { } person)
        {
            return null;
        }

        if (wanted.Count > Known.Length || wanted.Any(way => way is null) || wanted.DistinctBy(way => way.Channel, StringComparer.Ordinal).Count() < wanted.Count)
        {
            throw new InvalidRequestException($"items has each of {string.Join(", ", Known)} at most once.");
        }

        var ways = wanted.Select(way => Read(caller, person, way)).ToList();
        foreach (var way in ways)
        {
            await channels.PutAsync(way, cancellationToken);
        }

        foreach (var gone in WaysOf(person).Where(way => ways.TrueForAll(kept => kept.Id != way.Id)))
        {
            await channels.DeleteAsync(caller.Tenant, gone.Id, cancellationToken);
        }

        return await GetAsync(caller, cancellationToken);
    }

    Channel Read(Caller caller, Person person, Preference way)
    {
        var kind = Known.Contains(way.Channel, StringComparer.Ordinal) ? KindOf(way.Channel!) : throw new InvalidRequestException($"channel is one of {string.Join(", ", Known)}.");
        if (way.When is not ("atOnce" or "digest" or "off") || !Enum.IsDefined(way.MinSeverity) || (way.When == "digest" && way.DigestAt is null))
        {
            throw new InvalidRequestException("when is atOnce, digest with a digestAt such as {\"at\":\"08:00\",\"timeZone\":\"Europe/Berlin\"}, or off; minSeverity is info, warning or critical.");
        }

        var id = PersonChannels.IdOf(caller.Id, kind.Kind);
        var stored = person.Ways.FirstOrDefault(known => known.Id == id)?.Settings;
        var settings = way.Settings is { ValueKind: JsonValueKind.Object } given ? kind.Accept(given, stored)
            : stored ?? (kind.Kind == PersonChannels.Mail ? kind.Accept(JsonSerializer.SerializeToElement(new MailToSettings(caller.Name), NoticesJson.Default.MailToSettings), null) : throw new InvalidRequestException($"settings is an object with what {kind.Kind} needs."));
        return new Channel(caller.Tenant, id, kind.Kind, person.Name, way.MinSeverity, way.When != "off", settings)
        {
            Batch = way.When == "digest" ? way.DigestAt!.Checked() : null,
            Quiet = way.Quiet?.Checked(),
        };
    }

    Preference Show(Channel way) => new(
        way.Kind, !way.IsEnabled ? "off" : way.Batch is null ? "atOnce" : "digest", way.Batch, way.Quiet, way.MinLevel, way.Settings.Length > 0 ? KindOf(way.Kind).Show(way.Settings) : null);

    /// <summary>Without browsers, which are added and removed each by itself.</summary>
    static IEnumerable<Channel> WaysOf(Person person) => person.Ways.Where(way => Known.Contains(way.Kind, StringComparer.Ordinal));

    INoticeChannel KindOf(string kind) => kinds.First(known => known.Kind == kind);
}
