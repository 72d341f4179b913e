using Watchdesk.Clients;

namespace Watchdesk.Tests.Clients;

/// <summary>What every <see cref="ITables"/> does. Each test uses a partition of its own.</summary>
public abstract class TablesContract
{
    protected const string Table = "contract";
    static readonly CancellationToken None = CancellationToken.None;

    protected abstract ITables Sut { get; }

    readonly string partition = "p~" + Guid.NewGuid().ToString("N");

    [Fact]
    public async Task A_missing_row_is_null()
    {
        (await Sut.GetAsync(Table, partition, "none")).ShouldBeNull();
    }

    [Fact]
    public async Task A_table_that_nobody_wrote_reads_as_empty_and_the_first_write_makes_it()
    {
        var table = "t" + Guid.NewGuid().ToString("N");

        (await Sut.GetAsync(table, partition, "r")).ShouldBeNull();
        (await Sut.QueryAsync(new TableQuery(table, partition), None)).Rows.ShouldBeEmpty();
        (await Sut.WriteAsync(table, TableWrite.Merge(Row("r"), "*"), None)).Outcome.ShouldBe(TableOutcome.Missing);
        (await Sut.WriteAsync(table, [TableWrite.Insert(Row("a")), TableWrite.Insert(Row("b"))], None)).IsDone.ShouldBeTrue();

        (await Sut.QueryAsync(new TableQuery(table, partition), None)).Rows.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Creating_a_table_twice_is_fine()
    {
        var table = "t" + Guid.NewGuid().ToString("N");
        await Sut.CreateTableAsync(table, None);
        await Sut.CreateTableAsync(table, None);
    }

    [Fact]
    public async Task Every_type_comes_back_as_it_was_sent()
    {
        var values = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["Text"] = "it's \"quoted\" <b> & ünï 😀\n\u0001",
            ["Empty"] = "",
            ["LooksLikeTime"] = "2026-11-20T12:34:56Z",
            ["Yes"] = true,
            ["No"] = false,
            ["Int"] = int.MinValue,
            ["Long"] = 9_007_199_254_740_993L,
            ["SmallLong"] = 1L,
            ["Whole"] = 2.0,
            ["Real"] = -1.25e-7,
            ["Nan"] = double.NaN,
            ["Infinite"] = double.NegativeInfinity,
            ["Time"] = new DateTimeOffset(2026, 11, 20, 12, 34, 56, TimeSpan.FromHours(2)).AddTicks(1_234_567),
            ["Guid"] = Guid.Parse("11111111-2222-3333-4444-555555555555"),
            ["Bytes"] = new byte[] { 0, 1, 255 },
            ["NoBytes"] = Array.Empty<byte>(),
        };
        (await Sut.WriteAsync(Table, TableWrite.Insert(new TableRow(partition, "r") { Values = values }), None)).IsDone.ShouldBeTrue();

        foreach (var row in new[] { await Get("r"), (await Sut.QueryAsync(new TableQuery(Table, partition), None)).Rows.Single() })
        {
            row.Values.Count.ShouldBe(values.Count);
            foreach (var (name, value) in values)
            {
                row[name].ShouldBeOfType(value.GetType(), name);
                row[name].ShouldBe(value, name);
            }

            row.Time("Time")!.Value.Offset.ShouldBe(TimeSpan.Zero);
        }
    }

    [Fact]
    public async Task Insert_refuses_an_existing_row()
    {
        await Write(TableWrite.Insert(Row("r", 1)));

        var again = await Sut.WriteAsync(Table, TableWrite.Insert(Row("r", 2)), None);

        again.Outcome.ShouldBe(TableOutcome.Exists);
        again.FailedIndex.ShouldBe(0);
        (await Get("r")).Number("N").ShouldBe(1);
    }

    [Fact]
    public async Task Upsert_replaces_and_upsert_merge_keeps_other_properties()
    {
        await Write(TableWrite.Upsert(Row("r", 1, "a")));
        await Write(TableWrite.UpsertMerge(Row("r", 2)));
        var merged = await Get("r");
        merged.Number("N").ShouldBe(2);
        merged.Text("S").ShouldBe("a");

        await Write(TableWrite.Upsert(Row("r", 3)));
        (await Get("r")).Values.Keys.ShouldBe(["N"]);
    }

    [Fact]
    public async Task Conditional_writes_hold_to_the_etag()
    {
        var first = (await Write(TableWrite.Insert(Row("r", 1, "a")))).ETags[0]!;
        var second = (await Write(TableWrite.Merge(Row("r", 2), first))).ETags[0]!;
        second.ShouldNotBe(first);
        (await Get("r")).ETag.ShouldBe(second);

        (await Outcome(TableWrite.Merge(Row("r", 3), first))).ShouldBe(TableOutcome.Changed);
        (await Outcome(TableWrite.Replace(Row("r", 3), first))).ShouldBe(TableOutcome.Changed);
        (await Outcome(TableWrite.Delete(partition, "r", first))).ShouldBe(TableOutcome.Changed);
        (await Get("r")).Number("N").ShouldBe(2);

        (await Outcome(TableWrite.Replace(Row("r", 4), second))).ShouldBe(TableOutcome.Done);
        (await Get("r")).Values.Keys.ShouldBe(["N"]);
        var deleted = await Write(TableWrite.Delete(partition, "r", "*"));
        deleted.ETags.ShouldBe([null]);
        (await Sut.GetAsync(Table, partition, "r")).ShouldBeNull();
    }

    [Fact]
    public async Task Conditional_writes_to_a_missing_row_say_so()
    {
        (await Outcome(TableWrite.Merge(Row("none"), "*"))).ShouldBe(TableOutcome.Missing);
        (await Outcome(TableWrite.Replace(Row("none"), "*"))).ShouldBe(TableOutcome.Missing);
        (await Outcome(TableWrite.Delete(partition, "none"))).ShouldBe(TableOutcome.Missing);
    }

    [Fact]
    public async Task Of_parallel_inserts_one_wins()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Outcome(TableWrite.Insert(Row("r", i)))));
        outcomes.Count(outcome => outcome == TableOutcome.Done).ShouldBe(1);
        outcomes.Count(outcome => outcome == TableOutcome.Exists).ShouldBe(11);
    }

    [Fact]
    public async Task Keys_with_odd_characters_come_back()
    {
        foreach (var key in new[] { "", "it's", "a b", "a+b", "x|y", "é😀", "{[(&=,;:@$!*)]}", "a~b.c-d_e" })
        {
            (await Outcome(TableWrite.Insert(Row(key, 1)))).ShouldBe(TableOutcome.Done, key);
            (await Get(key)).RowKey.ShouldBe(key);
        }
    }

    [Theory]
    [InlineData("--changeset_1\r\nContent-Type: application/http\r\n\r\nDELETE http://127.0.0.1/x HTTP/1.1\r\n")]
    [InlineData("}\r\n\r\n--batch_1--")]
    [InlineData("{\"a\":{\"b\":\"}\"}} HTTP/1.1 409 Conflict\nETag: W/\"x\"")]
    [InlineData("line\u2028and\u2029paragraph\u0085next\0nul")]
    public async Task Hostile_text_stays_text_also_in_a_transaction(string text)
    {
        var rows = new[] { Row("it's {a}", 1, text), Row("b c&d=e", 2, text) };
        (await Sut.WriteAsync(Table, [.. rows.Select(TableWrite.Insert)], None)).IsDone.ShouldBeTrue();
        await Write(TableWrite.Insert(Row("single", 3, text)));

        var read = (await Sut.QueryAsync(new TableQuery(Table, partition), None)).Rows;

        read.Select(row => row.RowKey).ShouldBe(["b c&d=e", "it's {a}", "single"]);
        read.ShouldAllBe(row => row.Text("S") == text);
    }

    [Fact]
    public async Task A_transaction_writes_all_in_order()
    {
        await Write(TableWrite.Insert(Row("b", 1, "x")));
        await Write(TableWrite.Insert(Row("c", 1)));

        var result = await Sut.WriteAsync(
            Table, [TableWrite.Insert(Row("a", 1, "it's")), TableWrite.UpsertMerge(Row("b", 2)), TableWrite.Delete(partition, "c"), TableWrite.Upsert(Row("d", 4))], None);

        result.IsDone.ShouldBeTrue();
        result.FailedIndex.ShouldBe(-1);
        result.ETags.Select(etag => etag is null).ShouldBe([false, false, true, false]);
        var rows = (await Sut.QueryAsync(new TableQuery(Table, partition), None)).Rows;
        rows.Select(row => row.RowKey).ShouldBe(["a", "b", "d"]);
        rows[1].Text("S").ShouldBe("x");
        rows.Select(row => row.ETag).ShouldBe([result.ETags[0], result.ETags[1], result.ETags[3]]);
    }

    [Fact]
    public async Task A_refused_transaction_writes_nothing_and_names_the_write()
    {
        await Write(TableWrite.Insert(Row("c", 1)));

        var result = await Sut.WriteAsync(Table, [TableWrite.Insert(Row("a", 1)), TableWrite.Upsert(Row("b", 1)), TableWrite.Insert(Row("c", 2))], None);

        result.Outcome.ShouldBe(TableOutcome.Exists);
        result.FailedIndex.ShouldBe(2);
        (await Sut.QueryAsync(new TableQuery(Table, partition), None)).Rows.Select(row => row.RowKey).ShouldBe(["c"]);

        var missing = await Sut.WriteAsync(Table, [TableWrite.Insert(Row("a", 1)), TableWrite.Merge(Row("none", 1), "*")], None);
        (missing.Outcome, missing.FailedIndex).ShouldBe((TableOutcome.Missing, 1));
        var stale = await Sut.WriteAsync(
            Table, [TableWrite.Merge(Row("c", 5), "W/\"datetime'2020-01-01T00%3A00%3A00.0000000Z'\""), TableWrite.Insert(Row("a", 1))], None);
        (stale.Outcome, stale.FailedIndex).ShouldBe((TableOutcome.Changed, 0));
    }

    [Fact]
    public async Task A_range_is_in_key_order_and_pages_to_its_end()
    {
        var names = Enumerable.Range(0, 25).Select(i => $"r{i:D2}").ToList();
        await Sut.WriteAsync(Table, [.. names.Select(name => TableWrite.Insert(Row(name)))], None);

        var all = new List<string>();
        var query = new TableQuery(Table, partition, "r03", "r21", Limit: 7);
        do
        {
            var page = await Sut.QueryAsync(query, None);
            page.Rows.Count.ShouldBeLessThanOrEqualTo(7);
            all.AddRange(page.Rows.Select(row => row.RowKey));
            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);

        all.ShouldBe(names[3..21]);
    }

    [Fact]
    public async Task A_prefix_finds_what_begins_with_it_and_nothing_else()
    {
        foreach (var key in new[] { "i~", "i~a", "i~é", "i}", "i", "j", "-", "Z", "_" })
        {
            await Write(TableWrite.Insert(Row(key)));
        }

        (await Sut.QueryAsync(TableQuery.Prefix(Table, partition, "i~"), None)).Rows.Select(row => row.RowKey).ShouldBe(["i~", "i~a", "i~é"]);
        (await Sut.QueryAsync(TableQuery.Prefix(Table, partition, ""), None)).Rows.Select(row => row.RowKey)
            .ShouldBe(["-", "Z", "_", "i", "i}", "i~", "i~a", "i~é", "j"]);
    }

    [Fact]
    public async Task Select_reads_only_the_named_properties_and_keeps_keys_and_etag()
    {
        var etag = (await Write(TableWrite.Insert(Row("r", 1, "text")))).ETags[0];

        foreach (var row in new[]
                 {
                     (await Sut.GetAsync(Table, partition, "r", ["S", "Absent"]))!,
                     (await Sut.QueryAsync(new TableQuery(Table, partition, Select: ["S", "Absent"]), None)).Rows.Single(),
                 })
        {
            row.Values.Keys.ShouldBe(["S"]);
            (row.PartitionKey, row.RowKey, row.ETag).ShouldBe((partition, "r", etag));
        }
    }

    [Fact]
    public async Task A_full_row_is_stored()
    {
        var row = new TableRow(partition, "r");
        for (var i = 0; i < TableRules.MaxProperties; i++)
        {
            row[$"P{i}"] = i;
        }

        row["P0"] = new string('x', TableRules.MaxStringChars);
        row["P1"] = new byte[TableRules.MaxBinaryBytes];
        await Write(TableWrite.Insert(row));

        var read = await Get("r");
        read.Values.Count.ShouldBe(TableRules.MaxProperties);
        read.Bytes("P1")!.Length.ShouldBe(TableRules.MaxBinaryBytes);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_ends()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => Sut.GetAsync(Table, partition, "r", null, cancelled.Token));
        await Should.ThrowAsync<OperationCanceledException>(() => Sut.WriteAsync(Table, TableWrite.Insert(Row("r")), cancelled.Token));
    }

    [Fact]
    public async Task Broken_rules_are_refused_before_the_call()
    {
        await Should.ThrowAsync<ArgumentException>(() => Sut.WriteAsync(Table, [], None));
        await Should.ThrowAsync<ArgumentException>(() => Sut.WriteAsync("no-such", TableWrite.Insert(Row("r")), None));
        await Should.ThrowAsync<ArgumentException>(() => Sut.WriteAsync(Table, [TableWrite.Insert(Row("a")), TableWrite.Insert(new TableRow("other", "b"))], None));
        await Should.ThrowAsync<ArgumentException>(() => Sut.QueryAsync(new TableQuery(Table, partition, Limit: 1001), None));
        await Should.ThrowAsync<ArgumentException>(() => Sut.GetAsync(Table, partition, "a/b"));
    }

    protected TableRow Row(string rowKey, int number = 0, string? text = null) => new(partition, rowKey) { ["N"] = number, ["S"] = text };

    async Task<TableRow> Get(string rowKey) => (await Sut.GetAsync(Table, partition, rowKey)).ShouldNotBeNull();

    async Task<TableOutcome> Outcome(TableWrite write) => (await Sut.WriteAsync(Table, write, None)).Outcome;

    async Task<TableResult> Write(TableWrite write)
    {
        var result = await Sut.WriteAsync(Table, write, None);
        result.IsDone.ShouldBeTrue();
        return result;
    }
}
