using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Watchdesk.Clients;

namespace Watchdesk.Notices;

/// <summary>Channel rows: PK tenant, RK id. Settings are protected at rest, since most of them are or hold secrets.</summary>
public sealed class ChannelStore(ITables tables, EventLog log, IDataProtectionProvider protection)
{
    /// <summary>Per tenant, without those of a subject: a notice and its ways through all channels fit one transaction.</summary>
    public const int MaxChannels = 50;

    /// <summary>Only rules and people own channels; theirs come after it.</summary>
    const string FirstOwned = "rule.";

    /// <summary>Of more subjects the channels are found by reading all that are owned.</summary>
    const int OwnersAlone = 10;

    readonly IDataProtector protector = protection.CreateProtector("Watchdesk.Notices.Channels.v1");

    /// <summary>The channels of the tenant, without those that belong to a subject.</summary>
    public Task<IReadOnlyList<Channel>> ListAsync(string tenant, CancellationToken cancellationToken) =>
        ListAsync(tenant, new TableQuery(Tables.Channels, tenant, Before: FirstOwned), cancellationToken);

    /// <summary>The channels that belong to the subject.</summary>
    public Task<IReadOnlyList<Channel>> ListOwnedAsync(string tenant, string subject, CancellationToken cancellationToken) =>
        ListAsync(tenant, TableQuery.Prefix(Tables.Channels, tenant, Channel.PrefixOf(subject)), cancellationToken);

    /// <summary>All channels that may hear of incidents of these subjects.</summary>
    public async Task<IReadOnlyList<Channel>> ListForAsync(string tenant, IEnumerable<string> subjects, CancellationToken cancellationToken)
    {
        var channels = new List<Channel>(await ListAsync(tenant, cancellationToken));
        var owners = subjects.Select(Channel.PrefixOf).Where(owner => owner.StartsWith(FirstOwned, StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        foreach (var owner in owners.Count <= OwnersAlone ? owners : [FirstOwned])
        {
            var owned = await ListAsync(tenant, TableQuery.Prefix(Tables.Channels, tenant, owner), cancellationToken);
            channels.AddRange(owned.Where(channel => owners.Contains(channel.Owner!)));
        }

        return channels;
    }

    async Task<IReadOnlyList<Channel>> ListAsync(string tenant, TableQuery query, CancellationToken cancellationToken)
    {
        var channels = new List<Channel>();
        await foreach (var row in tables.QueryAllAsync(query, cancellationToken))
        {
            channels.Add(Read(tenant, row));
        }

        return channels;
    }

    public async Task<Channel?> GetAsync(string tenant, string id, CancellationToken cancellationToken) =>
        await tables.GetAsync(Tables.Channels, tenant, id, cancellationToken: cancellationToken) is { } row ? Read(tenant, row) : null;

    public async Task<TableResult> AddAsync(Channel channel, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(channel);
        var row = Row(channel);
        await log.AppendRowsAsync(channel.Tenant, [(Tables.Channels, row)], cancellationToken);
        return await tables.WriteAsync(Tables.Channels, TableWrite.Insert(row), cancellationToken);
    }

    /// <summary>Adds or replaces a channel that belongs to a subject.</summary>
    public async Task PutAsync(Channel channel, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(channel);
        var row = Row(channel);
        await log.AppendRowsAsync(channel.Tenant, [(Tables.Channels, row)], cancellationToken);
        await tables.WriteAsync(Tables.Channels, TableWrite.Upsert(row), cancellationToken);
    }

    /// <summary>Null when somebody else changed it since it was read.</summary>
    public async Task<Channel?> ReplaceAsync(Channel channel, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(channel);
        var row = Row(channel);
        var result = await tables.WriteAsync(Tables.Channels, TableWrite.Replace(row, channel.ETag), cancellationToken);
        if (result.IsDone)
        {
            await log.AppendRowsAsync(channel.Tenant, [(Tables.Channels, row)], cancellationToken);
        }

        return result.IsDone ? channel with { ETag = result.ETags[0] ?? "" } : null;
    }

    /// <summary>Shows or clears what is wrong with the channel itself; its settings stay as they are.</summary>
    public Task SetProblemAsync(Channel channel, string problem, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(channel);
        var row = new TableRow(channel.Tenant, channel.Id) { ["Problem"] = problem, ["ProblemAt"] = now };

        // With the ETag that was read: a channel that was corrected meanwhile keeps its clean sheet.
        return tables.WriteAsync(Tables.Channels, TableWrite.Merge(row, channel.ETag), cancellationToken);
    }

    /// <summary>Whatever else changed meanwhile: an older mark would send the same digest again under the same key, and lose the next.</summary>
    public Task SetDigestedAsync(Channel channel, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(channel);
        return tables.WriteAsync(Tables.Channels, TableWrite.Merge(new TableRow(channel.Tenant, channel.Id) { ["DigestedAt"] = at }, "*"), cancellationToken);
    }

    /// <summary>False when it was not there.</summary>
    public async Task<bool> DeleteAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        await log.AppendDeletedAsync(tenant, [(Tables.Channels, new TableRow(tenant, id))], cancellationToken);
        return (await tables.WriteAsync(Tables.Channels, TableWrite.Delete(tenant, id), cancellationToken)).IsDone;
    }

    TableRow Row(Channel channel)
    {
        var row = new TableRow(channel.Tenant, channel.Id)
        {
            ["V"] = 1,
            ["Kind"] = channel.Kind,
            ["Name"] = channel.Name,
            ["MinLevel"] = (int)channel.MinLevel,
            ["Enabled"] = channel.IsEnabled,
            ["Settings"] = protector.Protect(channel.Settings),
            ["Problem"] = channel.Problem,
        };
        row["ProblemAt"] = channel.ProblemAt;
        row["DigestAt"] = channel.Digest?.At;
        row["DigestZone"] = channel.Digest?.TimeZone;
        row["DigestReport"] = channel.Digest?.Report;
        row["DigestedAt"] = channel.DigestedAt;
        row["BatchAt"] = channel.Batch?.At;
        row["BatchZone"] = channel.Batch?.TimeZone;
        row["Quiet"] = channel.Quiet is null ? null : JsonSerializer.SerializeToUtf8Bytes(channel.Quiet, NoticesJson.Compact.QuietHours);
        return row;
    }

    Channel Read(string tenant, TableRow row)
    {
        var (settings, problem) = Open(row.Text("Settings") ?? "", row.Text("Problem") ?? "");
        return new Channel(
            tenant,
            row.RowKey,
            row.Text("Kind") ?? "",
            row.Text("Name") ?? "",
            (Level)row.Number("MinLevel"),
            row.Flag("Enabled"),
            settings,
            problem,
            row.Time("ProblemAt"),
            row.ETag ?? "")
        {
            Digest = row.Text("DigestAt") is { } at ? new DailyTime(at, row.Text("DigestZone") ?? "UTC", row.Text("DigestReport")) : null,
            DigestedAt = row.Time("DigestedAt"),
            Batch = row.Text("BatchAt") is { } batch ? new DailyTime(batch, row.Text("BatchZone") ?? "UTC") : null,
            Quiet = row.Bytes("Quiet") is { } quiet ? JsonSerializer.Deserialize(quiet, NoticesJson.Compact.QuietHours) : null,
        };
    }

    /// <summary>One channel whose secrets cannot be read must not silence the others.</summary>
    (string Settings, string Problem) Open(string stored, string problem)
    {
        try
        {
            return (protector.Unprotect(stored), problem);
        }
        catch (CryptographicException)
        {
            return ("", "Its settings cannot be read with this key ring: enter them again.");
        }
    }
}
