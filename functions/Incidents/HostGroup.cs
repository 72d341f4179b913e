namespace Watchdesk.Incidents;

/// <summary>Subjects of a storm on one host.</summary>
/// <param name="Host">Empty when not known.</param>
/// <param name="Names">The first few.</param>
public sealed record HostGroup(string Host, int Count, IReadOnlyList<string> Names)
{
    const int MaxHosts = 40;
    const int MaxNames = 5;
    const int MaxNameLength = 80;
    const int MaxLine = 300;
    const string Others = "other hosts";

    /// <summary>The list with these signals added, bounded.</summary>
    public static IReadOnlyList<HostGroup> Add(IReadOnlyList<HostGroup> groups, IReadOnlyList<Signal> signals)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(signals);
        var merged = groups.ToList();
        foreach (var host in signals.GroupBy(signal => signal.Host ?? "", StringComparer.Ordinal))
        {
            var names = host.Take(MaxNames).Select(signal => Notices.NoticeText.Shorten(signal.Name, MaxNameLength)).ToList();
            var index = merged.FindIndex(group => group.Host == host.Key);
            if (index < 0 && merged.Count >= MaxHosts)
            {
                index = merged.FindIndex(group => group.Host == Others);
            }

            if (index < 0)
            {
                merged.Add(new HostGroup(merged.Count >= MaxHosts ? Others : host.Key, host.Count(), names));
            }
            else
            {
                var group = merged[index];
                merged[index] = group with { Count = group.Count + host.Count(), Names = [.. group.Names.Concat(names).Take(MaxNames)] };
            }
        }

        return merged;
    }

    /// <summary>One line per host, the one with most first.</summary>
    public static IReadOnlyList<string> Lines(IReadOnlyList<HostGroup> groups) =>
        [
            .. groups.OrderBy(group => group.Host == Others).ThenByDescending(group => group.Count).ThenBy(group => group.Host, StringComparer.Ordinal)
                .Select(group => Notices.NoticeText.Shorten(group.Line, MaxLine)),
        ];

    /// <summary>For example "web-1: 120 (nightly-backup, invoice-run and 118 more)".</summary>
    string Line
    {
        get
        {
            var more = Count - Names.Count;
            return $"{(Host.Length > 0 ? Host : "host not known")}: {Count} ({string.Join(", ", Names)}{(more > 0 ? $" and {more} more" : "")})";
        }
    }
}
