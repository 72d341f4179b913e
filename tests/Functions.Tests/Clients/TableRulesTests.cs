using Watchdesk.Clients;

namespace Watchdesk.Tests.Clients;

public sealed class TableRulesTests
{
    [Theory]
    [InlineData("ab")]
    [InlineData("1abc")]
    [InlineData("a-b-c")]
    [InlineData("tablé")]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234")]
    public void A_table_name_is_short_and_plain(string name)
    {
        Should.Throw<ArgumentException>(() => TableRules.CheckTable(name)).Message.ShouldContain(name);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a\nb")]
    [InlineData("a\u007f")]
    [InlineData("a\u009f")]
    public void A_key_has_none_of_the_refused_characters(string key)
    {
        Should.Throw<ArgumentException>(() => TableRules.CheckKeys(key, "r")).Message.ShouldContain("partition key");
        Should.Throw<ArgumentException>(() => TableRules.CheckKeys("p", key)).Message.ShouldContain("row key");
    }

    [Fact]
    public void A_key_is_at_most_1_kibibyte()
    {
        TableRules.CheckKeys("", new string('k', 512));
        Should.Throw<ArgumentException>(() => TableRules.CheckKeys("", new string('k', 513))).Message.ShouldContain("512");
    }

    [Theory]
    [InlineData("bad-name")]
    [InlineData("a b")]
    [InlineData("1a")]
    [InlineData("")]
    [InlineData("Timestamp")]
    [InlineData("odata.etag")]
    public void A_property_name_is_an_identifier_of_ours(string name)
    {
        Refused(Row(name, 1));
    }

    [Fact]
    public void Values_stay_within_what_a_property_holds()
    {
        Accepted(Row("S", new string('x', 32_768)));
        Accepted(Row("B", new byte[65_536]));
        Accepted(Row("T", new DateTimeOffset(1601, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        Refused(Row("S", new string('x', 32_769))).ShouldContain("32769");
        Refused(Row("B", new byte[65_537])).ShouldContain("65537");
        Refused(Row("T", new DateTimeOffset(1600, 12, 31, 23, 59, 59, TimeSpan.Zero))).ShouldContain("1601");
        Refused(Row("D", 1m)).ShouldContain("Decimal");
        Refused(Row("D", new DateTime(2026, 1, 1))).ShouldContain("DateTime");
        Refused(Row(new string('n', 256), 1)).ShouldContain("256");
    }

    [Fact]
    public void A_row_has_252_properties_and_one_mebibyte()
    {
        var row = new TableRow("p", "r");
        for (var i = 0; i < 252; i++)
        {
            row[$"P{i}"] = i;
        }

        Accepted(row);
        row["P252"] = 1;
        Refused(row).ShouldContain("253");

        var large = new TableRow("p", "r");
        for (var i = 0; i < 16; i++)
        {
            large[$"B{i}"] = new byte[65_000];
        }

        Accepted(large);
        large["B16"] = new byte[10_000];
        Refused(large).ShouldContain("1048576");
    }

    [Fact]
    public void A_transaction_has_100_writes_of_one_partition_each_row_once_and_4_mebibytes()
    {
        IReadOnlyList<TableWrite> Writes(int count, int bytes = 1) =>
            [.. Enumerable.Range(0, count).Select(i => TableWrite.Insert(new TableRow("p", $"{i}") { ["B"] = new byte[bytes] }))];

        TableRules.CheckWrites("jobs", Writes(100));
        Should.Throw<ArgumentException>(() => TableRules.CheckWrites("jobs", Writes(101))).Message.ShouldContain("101");
        Should.Throw<ArgumentException>(() => TableRules.CheckWrites("jobs", [])).Message.ShouldContain("0");
        Should.Throw<ArgumentException>(() => TableRules.CheckWrites("jobs", Writes(60, 60_000))).Message.ShouldContain("4194304");
        Should.Throw<ArgumentException>(() => TableRules.CheckWrites("jobs", [.. Writes(1), .. Writes(1)])).Message.ShouldContain("twice");
        Should.Throw<ArgumentException>(() => TableRules.CheckWrites("jobs", [.. Writes(1), TableWrite.Insert(new TableRow("q", "0"))])).Message.ShouldContain("partition");
    }

    [Fact]
    public void A_conditional_write_needs_an_etag()
    {
        foreach (var write in new[] { TableWrite.Replace(new TableRow("p", "r"), null!), TableWrite.Merge(new TableRow("p", "r"), ""), TableWrite.Delete("p", "r", null!) })
        {
            Should.Throw<ArgumentException>(() => TableRules.CheckWrites("jobs", [write])).Message.ShouldContain("ETag");
        }
    }

    static TableRow Row(string name, object value) => new("p", "r") { [name] = value };

    static void Accepted(TableRow row) => TableRules.CheckRow(row).ShouldBeGreaterThan(0);

    static string Refused(TableRow row) => Should.Throw<ArgumentException>(() => TableRules.CheckRow(row)).Message;
}
