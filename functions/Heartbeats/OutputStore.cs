using System.Text;
using System.Text.Json;
using Watchdesk.Clients;

namespace Watchdesk.Heartbeats;

/// <summary>
/// The container outputs, a blob <c>{tenant}/{job}</c>: what the newest failed run with a message has said. It helps people
/// and decides nothing: when it cannot be kept or read everything else goes on, and a replay does not bring it back.
/// </summary>
public sealed partial class OutputStore(BlobClient blobs, ILogger<OutputStore> log)
{
    public const string Container = "outputs";
    const int CallsAtOnce = 20;

    /// <summary>Keeps the newest of these events that failed with a message, one for each job, unless a newer one is kept.</summary>
    public async Task KeepAsync(string tenant, IEnumerable<RunEvent> events, CancellationToken cancellationToken)
    {
        var newest = events.Where(e => e.Kind == RunEventKind.Fail && (e.Message is not null || e.IsMessageInBlob)).GroupBy(e => e.Job, StringComparer.Ordinal).Select(job => job.MaxBy(e => e.At)!);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = CallsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(newest, parallel, async (e, token) =>
        {
            try
            {
                await KeepAsync(tenant, e, token);
            }
            catch (Exception error) when (!token.IsCancellationRequested)
            {
                Log.NotKept(log, e.Job, error.Message);
            }
        });
    }

    /// <summary>Null when no failed run has said anything.</summary>
    public async Task<JobOutput?> GetAsync(string tenant, string job, CancellationToken cancellationToken) =>
        (await ReadAsync(tenant, job, cancellationToken)).Output;

    /// <summary>Null, too, when it cannot be read now.</summary>
    public async Task<JobOutput?> TryGetAsync(string tenant, string job, CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync(tenant, job, cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NotRead(log, job, error.Message);
            return null;
        }
    }

    public Task DeleteAsync(string tenant, string job, CancellationToken cancellationToken) => blobs.DeleteAsync(Container, Name(tenant, job), cancellationToken);

    async Task KeepAsync(string tenant, RunEvent e, CancellationToken cancellationToken)
    {
        var output = JobOutput.Of(e, e.Message ?? await LongMessageAsync(tenant, e, cancellationToken));
        var (content, isDone) = (JsonSerializer.SerializeToUtf8Bytes(output, JobJson.Default.JobOutput), output.Text.Length == 0);
        while (!isDone)
        {
            var (known, etag) = await ReadAsync(tenant, e.Job, cancellationToken);
            isDone = known?.At >= output.At
                || (etag is null
                    ? await blobs.CreateAsync(Container, Name(tenant, e.Job), content, "application/json", cancellationToken)
                    : await blobs.PutAsync(Container, Name(tenant, e.Job), content, "application/json", etag, cancellationToken) is not null);
        }
    }

    async Task<string> LongMessageAsync(string tenant, RunEvent e, CancellationToken cancellationToken) =>
        await blobs.GetAsync(Inbox.Container, Inbox.MessageNameOf(tenant, e.Id), cancellationToken) is { } blob ? Encoding.UTF8.GetString(blob.Content.Span) : "";

    async Task<(JobOutput? Output, string? ETag)> ReadAsync(string tenant, string job, CancellationToken cancellationToken) =>
        await blobs.GetAsync(Container, Name(tenant, job), cancellationToken) is { } blob
            ? (JsonSerializer.Deserialize(blob.Content.Span, JobJson.Default.JobOutput), blob.ETag)
            : default;

    static string Name(string tenant, string job) => $"{tenant}/{job}";

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "What the failed run of job {Job} has said could not be kept: {Reason}")]
        public static partial void NotKept(ILogger log, string job, string reason);

        [LoggerMessage(2, LogLevel.Warning, "What the failed run of job {Job} has said could not be read: {Reason}")]
        public static partial void NotRead(ILogger log, string job, string reason);
    }
}
