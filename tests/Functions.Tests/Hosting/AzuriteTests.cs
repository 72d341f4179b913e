using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Watchdesk.Clients;
using Watchdesk.Hosting.Embedded;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Hosting;

/// <summary>The embedded storage as processes: kept on disk, found again after a crash, started again when one ends.</summary>
[Trait("Size", "Large")]
[Collection("Azurite processes")]
public sealed class AzuriteTests : IDisposable
{
    static readonly CancellationToken None = CancellationToken.None;
    readonly string folder = Path.Combine(Path.GetTempPath(), "watchdesk azurite " + Guid.NewGuid().ToString("N"));
    readonly List<string> said = [];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task What_was_written_survives_a_graceful_stop_at_once()
    {
        await using (var first = await Start())
        {
            await Tables(first).WriteAsync("jobs", TableWrite.Insert(new TableRow("p", "r") { ["N"] = 1 }), None);
            await new StorageQueueClient(Services(first).Queues()).SendAsync("inbox", "1"u8.ToArray(), "m", None);
            await new BlobClient(Services(first).Blobs()).CreateAsync("events", "b", "1"u8.ToArray(), "text/plain", None);
        }

        await using var second = await Start();
        (await Tables(second).GetAsync("jobs", "p", "r")).ShouldNotBeNull();
        (await new StorageQueueClient(Services(second).Queues()).CountAsync("inbox", None)).ShouldBe(1);
        (await new BlobClient(Services(second).Blobs()).GetAsync("events", "b", None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task What_was_answered_while_it_was_asked_to_stop_is_there_afterwards()
    {
        var stops = TestScale.Of(30);
        var answered = new ConcurrentBag<string>();
        await using var azurite = await Start();
        using var done = new CancellationTokenSource();
        var sending = Task.WhenAll(Enumerable.Range(0, 8).Select(sender => AppendAsync(azurite, sender, answered, done.Token)));
        for (var stop = 0; stop < stops; stop++)
        {
            await Task.Delay(1500);
            OtherProcess.AskToStop(azurite.Pids[AzuriteService.Blob]);
        }

        await Task.Delay(1500);
        await done.CancelAsync();
        await sending;

        var stored = await StoredAsync(new BlobClient(Services(azurite).Blobs()));

        answered.Count.ShouldBeGreaterThan(stops * 8);
        answered.Where(line => !stored.Contains(line)).ShouldBeEmpty();
    }

    /// <summary>The process may still be starting again, which a busy machine draws out.</summary>
    static async Task<HashSet<string>> StoredAsync(BlobClient blobs)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                var stored = new HashSet<string>(StringComparer.Ordinal);
                await foreach (var line in blobs.ReadLinesAsync("events", "log", None))
                {
                    stored.Add(Encoding.UTF8.GetString(line.Span));
                }

                return stored;
            }
            catch (RemoteCallException away) when (away.IsTransient && tries < 10)
            {
                await Task.Delay(1000);
            }
        }
    }

    [Fact]
    public async Task A_folder_belongs_to_one_desk()
    {
        await using var first = await Start();
        var refused = await Should.ThrowAsync<InvalidOperationException>(Start);
        refused.Message.ShouldContain(folder);
        refused.Message.ShouldContain("--data");
        (await Tables(first).GetAsync("jobs", "p", "r")).ShouldBeNull();
    }

    [Fact]
    public async Task A_process_that_ends_is_started_again_on_its_port()
    {
        await using var azurite = await Start();
        var before = azurite.ConnectionString;
        Kill(azurite.Pids[AzuriteService.Table]);

        await Until(async () => (await Tables(azurite).WriteAsync("jobs", TableWrite.Upsert(new TableRow("p", "r")), None)).IsDone);

        azurite.ConnectionString.ShouldBe(before);
        said.ShouldContain(line => line.Contains("table", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_service_that_was_stopped_stays_stopped_until_it_is_started()
    {
        await using var azurite = await Start();
        await azurite.StopServiceAsync(AzuriteService.Queue, None);
        var queues = new StorageQueueClient(Services(azurite).Queues());

        var failed = await Should.ThrowAsync<RemoteCallException>(() => queues.SendAsync("inbox", "1"u8.ToArray(), "m", None));
        failed.IsTransient.ShouldBeTrue();

        await azurite.StartServiceAsync(AzuriteService.Queue, None);
        await queues.SendAsync("inbox", "1"u8.ToArray(), "m", None);
    }

    [Fact]
    public async Task After_a_crash_of_the_desk_its_processes_are_taken_over()
    {
        var left = await LeaveBehind();

        await using var next = await Start();

        next.Pids.ShouldBe(left.Pids);
        (await Tables(next).GetAsync("jobs", "p", "r")).ShouldNotBeNull();
    }

    [Fact]
    public async Task What_a_crash_left_without_a_trace_in_the_file_is_ended_gracefully_first()
    {
        var left = await LeaveBehind();
        File.Delete(Path.Combine(folder, "azurite.json"));

        await using var next = await Start();

        next.Pids.Values.ShouldAllBe(pid => !left.Pids.Values.Contains(pid));
        left.Pids.Values.ShouldAllBe(pid => OtherProcess.CommandLine(pid) == "");
        (await Tables(next).GetAsync("jobs", "p", "r")).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_foreign_process_with_a_remembered_id_is_left_alone()
    {
        Directory.CreateDirectory(folder);
        using var sleeper = Process.Start("sleep", "600");
        await File.WriteAllTextAsync(
            Path.Combine(folder, "azurite.json"),
            $$"""{"services":{"table":{"pid":{{sleeper.Id}},"port":1},"queue":{"pid":{{Environment.ProcessId}},"port":2} } }""");

        await using (await Start())
        {
            sleeper.HasExited.ShouldBeFalse();
        }

        sleeper.HasExited.ShouldBeFalse();
        sleeper.Kill();
    }

    /// <summary>A desk that is gone without a word: its lock is free, its processes run on.</summary>
    async Task<Azurite> LeaveBehind()
    {
        var azurite = await Start();
        await Tables(azurite).WriteAsync("jobs", TableWrite.Insert(new TableRow("p", "r")), None);
        await azurite.ForgetAsync();
        return azurite;
    }

    static async Task AppendAsync(Azurite azurite, int sender, ConcurrentBag<string> answered, CancellationToken done)
    {
        var blobs = new BlobClient(Services(azurite).Blobs());
        for (var n = 0; !done.IsCancellationRequested; n++)
        {
            try
            {
                await blobs.AppendAsync("events", "log", Encoding.UTF8.GetBytes($"{sender}-{n}\n"), None);
                answered.Add($"{sender}-{n}");
            }
            catch (RemoteCallException)
            {
                // It is on its way down or up.
            }
        }
    }

    Task<Azurite> Start() => Azurite.StartAsync(folder, inMemory: false, TimeProvider.System, line =>
    {
        lock (said)
        {
            said.Add(line);
        }
    }, None);

    static StorageServices Services(Azurite azurite) => new(() => StorageAccount.Parse(azurite.ConnectionString), TimeProvider.System);

    static AzureTables Tables(Azurite azurite) => new(Services(azurite).Tables());

    static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }

    static async Task Until(Func<Task<bool>> holds)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                if (await holds())
                {
                    return;
                }
            }
            catch (RemoteCallException e) when (e.IsTransient && tries < 20)
            {
                // Not up yet.
            }
        }
    }
}

[CollectionDefinition("Azurite processes")]
public sealed class AzuriteProcessesCollection;
