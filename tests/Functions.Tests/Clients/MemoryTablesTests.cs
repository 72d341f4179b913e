using System.Diagnostics;
using Watchdesk.Clients;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Clients;

public sealed class MemoryTablesTests : TablesContract
{
    readonly MemoryTables memory = new();

    protected override ITables Sut => memory;

    [Fact]
    public async Task Calls_and_rows_are_counted_per_table_and_together()
    {
        await memory.WriteAsync("one", [TableWrite.Insert(new TableRow("p", "a")), TableWrite.Insert(new TableRow("p", "b"))], default);
        await memory.WriteAsync("two", TableWrite.Insert(new TableRow("p", "a")), default);
        await memory.WriteAsync("two", TableWrite.Insert(new TableRow("p", "a")), default);
        await memory.GetAsync("one", "p", "a");
        await memory.GetAsync("one", "p", "none");
        await memory.QueryAsync(new TableQuery("one", "p"), default);

        memory.CountsOf("one").ShouldBe(new TableCounts(Reads: 3, Writes: 1, RowsRead: 3, RowsWritten: 2));
        memory.CountsOf("two").ShouldBe(new TableCounts(0, 2, 0, 1));
        memory.Counts.ShouldBe(new TableCounts(3, 3, 3, 3));
        memory.ResetCounts();
        memory.Counts.ShouldBe(new TableCounts(0, 0, 0, 0));
    }

    [Fact]
    public async Task A_fault_before_a_write_stores_nothing_and_one_after_it_loses_only_the_answer()
    {
        memory.BeforeWrite = (_, writes) => throw new TimeoutException(writes[0].Row.RowKey);
        await Should.ThrowAsync<TimeoutException>(() => memory.WriteAsync("one", TableWrite.Insert(new TableRow("p", "a")), default));
        memory.Rows("one").ShouldBeEmpty();

        memory.BeforeWrite = null;
        memory.AfterWrite = (table, _) => throw new TimeoutException(table);
        await Should.ThrowAsync<TimeoutException>(() => memory.WriteAsync("one", TableWrite.Insert(new TableRow("p", "a")), default));
        memory.Rows("one").Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_a_caller_does_to_a_row_stays_with_the_caller()
    {
        var row = new TableRow("p", "r") { ["B"] = new byte[] { 1 }, ["N"] = 1 };
        await memory.WriteAsync("one", TableWrite.Insert(row), default);
        row.Bytes("B")![0] = 9;
        row["N"] = 9;
        (await memory.GetAsync("one", "p", "r"))!.Bytes("B")![0] = 9;

        var read = (await memory.GetAsync("one", "p", "r"))!;
        read.Bytes("B").ShouldBe(new byte[] { 1 });
        read.Number("N").ShouldBe(1);
    }

    [Fact]
    public async Task A_merge_that_makes_a_row_too_large_is_refused_as_the_service_does()
    {
        for (var part = 0; part < 15; part++)
        {
            await memory.WriteAsync("one", TableWrite.UpsertMerge(new TableRow("p", "r") { [$"B{part}"] = new byte[65_536] }), default);
        }

        var refused = await Should.ThrowAsync<RemoteCallException>(
            () => memory.WriteAsync("one", TableWrite.UpsertMerge(new TableRow("p", "r") { ["B15"] = new byte[65_536] }), default));
        refused.Status.ShouldBe(400);
    }

    [Fact]
    public async Task Parallel_read_modify_write_loses_no_update()
    {
        await memory.WriteAsync("one", TableWrite.Insert(new TableRow("p", "r") { ["N"] = 0 }), default);
        await Parallel.ForAsync(0, 200, async (_, _) =>
        {
            TableResult result;
            do
            {
                var row = (await memory.GetAsync("one", "p", "r", null, default))!;
                result = await memory.WriteAsync("one", TableWrite.Merge(new TableRow("p", "r") { ["N"] = (int)row.Number("N") + 1 }, row.ETag!), default);
            }
            while (!result.IsDone);
        });

        (await memory.GetAsync("one", "p", "r"))!.Number("N").ShouldBe(200);
    }

    /// <summary>Takes half a second; looking at every row would take more than the minute that is allowed.</summary>
    [Fact]
    [Trait("Size", "Large")]
    public async Task Many_rows_do_not_slow_reads_ranges_and_batches()
    {
        for (var i = 0; i < 200_000; i += 100)
        {
            await memory.WriteAsync("big", [.. Enumerable.Range(i, 100).Select(n => TableWrite.Insert(new TableRow("p", $"{n:D9}") { ["N"] = n }))], default);
        }

        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 10_000; i++)
        {
            (await memory.GetAsync("big", "p", $"{i * 20:D9}")).ShouldNotBeNull();
        }

        for (var i = 0; i < 500; i++)
        {
            await memory.WriteAsync("big", [.. Enumerable.Range(i * 100, 100).Select(n => TableWrite.UpsertMerge(new TableRow("p", $"{n * 3:D9}") { ["N"] = n }))], default);
            (await memory.QueryAsync(new TableQuery("big", "p", $"{i * 399:D9}", Limit: 20), default)).Rows.Count.ShouldBe(20);
        }

        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1));
    }
}
