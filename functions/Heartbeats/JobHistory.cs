using System.Globalization;
using System.Text;
using System.Text.Json;
using Watchdesk.Clients;

namespace Watchdesk.Heartbeats;

/// <summary>What the event log says of one job, oldest first.</summary>
/// <param name="From">The first instant that is known of.</param>
/// <param name="IsPartial">More was asked for than is read at once.</param>
public sealed record JobHistory(DateTimeOffset From, DateTimeOffset To, bool IsPartial, IReadOnlyList<JobHistoryEntry> Entries);

/// <summary>An event, or else a definition that holds from then on.</summary>
public sealed record JobHistoryEntry(DateTimeOffset At, RunEvent? Event, Job? Definition);

/// <summary>Reads the event log of a job, newest hours first, until it has enough.</summary>
public sealed class JobHistoryReader(BlobClient log)
{
    const long MostBytes = 64 * 1024 * 1024;
    const int MostEntries = 100_000;

    public async Task<JobHistory> ReadAsync(string tenant, string job, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var (known, bytes, firstHour) = (new List<JobHistoryEntry>(), 0L, to);
        for (var day = to.UtcDateTime.Date; day >= from.UtcDateTime.Date; day = day.AddDays(-1))
        {
            var names = new List<string>();
            await foreach (var name in log.ListAsync(EventLog.Container, $"{tenant}/{day.ToString("yyyy'/'MM'/'dd'/'", CultureInfo.InvariantCulture)}", cancellationToken))
            {
                names.Add(name);
            }

            foreach (var hour in names.GroupBy(HourOf).Where(hour => hour.Key.AddHours(1) > from && hour.Key <= to).OrderByDescending(hour => hour.Key))
            {
                var found = new List<JobHistoryEntry>();
                foreach (var name in hour.Order(StringComparer.Ordinal))
                {
                    await foreach (var line in log.ReadLinesAsync(EventLog.Container, name, cancellationToken))
                    {
                        bytes += line.Length;
                        Take(job, line, found);
                        if (bytes > MostBytes || known.Count + found.Count > MostEntries)
                        {
                            return Of(known, firstHour, isPartial: true);
                        }
                    }
                }

                known.InsertRange(0, found);
                firstHour = hour.Key;
            }
        }

        return Of(known, from, isPartial: false);

        JobHistory Of(List<JobHistoryEntry> entries, DateTimeOffset first, bool isPartial) =>
            new(first, to, isPartial, [.. Once(entries).Where(entry => entry.At >= first && entry.At <= to)]);
    }

    /// <summary>Most lines are of other jobs and are not parsed.</summary>
    static void Take(string job, ReadOnlyMemory<byte> line, List<JobHistoryEntry> found)
    {
        if (line.Span.IndexOf(Encoding.ASCII.GetBytes(job)) < 0)
        {
            return;
        }

        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        if (root.GetProperty("kind"u8).ValueEquals("run"u8) && InboxItem.Read(root.GetProperty("item"u8)) is var e && e.Job == job)
        {
            found.Add(new JobHistoryEntry(JobOutlook.Instant(e.ReceivedAt), e, null));
        }
        else if (root.GetProperty("kind"u8).ValueEquals("rows"u8))
        {
            var at = JobOutlook.Instant(root.GetProperty("at"u8).GetInt64());
            var definitions = root.GetProperty("rows"u8).EnumerateArray().Select(LoggedRow.Read).Where(row => row.Table == Tables.Jobs && row.Row.RowKey == job);
            found.AddRange(definitions.Select(row => new JobHistoryEntry(at, null, JsonSerializer.Deserialize(row.Row.Text("D")!, JobJson.Default.Job))));
        }
    }

    /// <summary>A line may stand twice.</summary>
    static IEnumerable<JobHistoryEntry> Once(List<JobHistoryEntry> entries) =>
        entries.DistinctBy(entry => entry.Event?.Id ?? $"{entry.Definition!.Revision}");

    static DateTimeOffset HourOf(string name) => DateTimeOffset.ParseExact(
        name.Split('/', 2)[1][.."yyyy/MM/dd/HH".Length], "yyyy'/'MM'/'dd'/'HH", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
