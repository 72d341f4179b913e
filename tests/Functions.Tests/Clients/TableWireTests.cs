using System.Text;
using Watchdesk.Clients;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Clients;

/// <summary>What Azure does and the emulator does not: odd pages, recorded answers to transactions, lost answers.</summary>
public sealed class TableWireTests
{
    const string Url = FakeStorage.Tables;
    static readonly CancellationToken None = CancellationToken.None;
    readonly FakeHttp http = new();
    readonly AzureTables tables;

    public TableWireTests() => tables = new AzureTables(FakeStorage.Over(http).Tables());

    [Fact]
    public async Task A_query_goes_on_after_an_empty_page_and_without_a_row_key_in_the_continuation()
    {
        const string Filter = $"{Url}/jobs()?$filter=PartitionKey%20eq%20'it%27%27s'%20and%20RowKey%20ge%20'a'%20and%20RowKey%20lt%20'b'&$top=1000&$select=RowKey,N";
        http.Answer("GET", Filter, 200, """{"value":[]}""", headers: ["x-ms-continuation-NextPartitionKey: 1!8!a+/="])
            .Answer("GET", Filter + "&NextPartitionKey=1%218%21a%2B%2F%3D", 200, """{"value":[{"RowKey":"a1","N":1}]}""",
                headers: ["x-ms-continuation-NextPartitionKey: p", "x-ms-continuation-NextRowKey: r=="])
            .Answer("GET", Filter + "&NextPartitionKey=p&NextRowKey=r%3D%3D", 200, """{"odata.metadata":"x","value":[{"odata.etag":"W/\"1\"","RowKey":"a2","N":null}]}""");

        var rows = new List<TableRow>();
        await foreach (var row in tables.QueryAllAsync(new TableQuery("jobs", "it's", "a", "b", ["N"]), None))
        {
            rows.Add(row);
        }

        rows.Select(row => row.RowKey).ShouldBe(["a1", "a2"]);
        rows.ShouldAllBe(row => row.PartitionKey == "it's");
        rows[0].Number("N").ShouldBe(1);
        rows[1].Values.ShouldBeEmpty();
        rows[1].ETag.ShouldBe("W/\"1\"");
        http.Verify();
    }

    [Fact]
    public async Task Types_are_read_from_annotations_and_unknown_metadata_is_passed_over()
    {
        http.Answer("GET", $"{Url}/jobs(PartitionKey='p',RowKey='r')", 200, """
            {"odata.metadata":"m","odata.type":"t","odata.id":"i","odata.etag":"W/\"9\"","PartitionKey":"p","RowKey":"r",
             "Timestamp@odata.type":"Edm.DateTime","Timestamp":"2026-11-20T12:00:00Z",
             "L@odata.type":"Edm.Int64","L":"9007199254740993","D":1.0,"E":1e3,"I":5,"Big":5000000000,
             "N@odata.type":"Edm.Double","N":"NaN","S@odata.type":"Edm.String","S":"2026-11-20T12:00:00Z",
             "T@odata.type":"Edm.DateTime","T":"2026-11-20T12:34:56.1234567Z"}
            """, headers: ["ETag: W/\"9\""]);

        var row = (await tables.GetAsync("jobs", "p", "r"))!;

        row["L"].ShouldBe(9_007_199_254_740_993L);
        row["D"].ShouldBe(1.0);
        row["E"].ShouldBe(1000.0);
        row["I"].ShouldBe(5);
        row["Big"].ShouldBe(5e9);
        row["N"].ShouldBe(double.NaN);
        row["S"].ShouldBe("2026-11-20T12:00:00Z");
        row.Time("T").ShouldBe(new DateTimeOffset(2026, 11, 20, 12, 34, 56, TimeSpan.Zero).AddTicks(1_234_567));
        row.Values.Count.ShouldBe(8);
        row.ETag.ShouldBe("W/\"9\"");
    }

    [Fact]
    public async Task A_transaction_reads_the_status_of_every_part()
    {
        Batch(Part("204 No Content", "ETag: W/\"1\""), Part("204 No Content", "etag: W/\"2\""));

        var result = await tables.WriteAsync("jobs", Two, None);

        result.ETags.ShouldBe(["W/\"1\"", "W/\"2\""]);
        result.IsDone.ShouldBeTrue();
    }

    [Theory]
    [InlineData("409 Conflict", "EntityAlreadyExists", TableOutcome.Exists)]
    [InlineData("412 Precondition Failed", "UpdateConditionNotSatisfied", TableOutcome.Changed)]
    [InlineData("404 Not Found", "ResourceNotFound", TableOutcome.Missing)]
    public async Task A_refused_transaction_names_its_write(string status, string code, TableOutcome outcome)
    {
        Batch("stray line\r\n" + Part(status, body: Error(code, "1:Refused.\\nRequestId:1:2")));

        var result = await tables.WriteAsync("jobs", Two, None);

        (result.Outcome, result.FailedIndex).ShouldBe((outcome, 1));
        result.ETags.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("409 Conflict", "TableBeingDeleted", 409, true)]
    [InlineData("503 Server Busy", "ServerBusy", 503, true)]
    [InlineData("400 Bad Request", "InvalidInput", 400, false)]
    [InlineData("404 Not Found", "Elsewhere", 404, false)]
    public async Task A_transaction_that_failed_is_no_refused_condition(string status, string code, int number, bool isTransient)
    {
        Batch(Part(status, body: Error(code, "no index")));

        var failed = await Should.ThrowAsync<RemoteCallException>(() => tables.WriteAsync("jobs", Two, None));

        (failed.Status, failed.Code, failed.IsTransient).ShouldBe((number, code, isTransient));
    }

    [Fact]
    public async Task A_transaction_on_a_missing_table_makes_the_table_and_goes_again()
    {
        Batch(Part("404 Not Found", body: Error("TableNotFound", "0:The table specified does not exist.")));
        http.Answer("POST", $"{Url}/Tables", 409, Error("TableAlreadyExists", "made by another meanwhile"));
        Batch(Part("204 No Content"), Part("204 No Content"));

        (await tables.WriteAsync("jobs", Two, None)).IsDone.ShouldBeTrue();

        http.Verify();
    }

    [Fact]
    public async Task An_answer_with_too_few_parts_is_not_taken_for_success()
    {
        Batch(Part("204 No Content"));
        var failed = await Should.ThrowAsync<RemoteCallException>(() => tables.WriteAsync("jobs", Two, None));
        failed.IsTransient.ShouldBeTrue();
    }

    [Fact]
    public async Task An_insert_whose_answer_was_lost_meets_its_own_row()
    {
        http.Break("POST", $"{Url}/jobs").Answer("POST", $"{Url}/jobs", 409, Error("EntityAlreadyExists", "m"));

        (await tables.WriteAsync("jobs", Two[0], None)).Outcome.ShouldBe(TableOutcome.Exists);

        http.Sent[1].Text.ShouldBe(http.Sent[0].Text);
    }

    [Fact]
    public async Task A_transaction_is_written_as_the_contract_shows()
    {
        Batch(Part("204 No Content"), Part("204 No Content"), Part("204 No Content"));

        await tables.WriteAsync("jobs", [Two[0], TableWrite.Merge(new TableRow("p", "b") { ["L"] = 1L }, "W/\"1\""), TableWrite.Delete("p", "c")], None);

        var sent = http.Sent.Single();
        var id = sent.Header("Content-Type")!.Split("batch_")[1];
        const string Accept = "Accept: application/json;odata=minimalmetadata\r\nDataServiceVersion: 3.0\r\n";
        var start = $"--changeset_{id}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n";
        sent.Text.ShouldBe(
            $"--batch_{id}\r\nContent-Type: multipart/mixed; boundary=changeset_{id}\r\n\r\n"
            + $"{start}POST {Url}/jobs HTTP/1.1\r\n{Accept}Prefer: return-no-content\r\nContent-Type: application/json\r\n\r\n"
            + "{\"PartitionKey\":\"p\",\"RowKey\":\"a\",\"N\":1}\r\n"
            + $"{start}MERGE {Url}/jobs(PartitionKey='p',RowKey='b') HTTP/1.1\r\n{Accept}If-Match: W/\"1\"\r\nContent-Type: application/json\r\n\r\n"
            + "{\"PartitionKey\":\"p\",\"RowKey\":\"b\",\"L@odata.type\":\"Edm.Int64\",\"L\":\"1\"}\r\n"
            + $"{start}DELETE {Url}/jobs(PartitionKey='p',RowKey='c') HTTP/1.1\r\n{Accept}If-Match: *\r\n\r\n\r\n"
            + $"--changeset_{id}--\r\n--batch_{id}--\r\n");
    }

    static IReadOnlyList<TableWrite> Two => [TableWrite.Insert(new TableRow("p", "a") { ["N"] = 1 }), TableWrite.Upsert(new TableRow("p", "b") { ["N"] = 2 })];

    void Batch(params string[] parts) => http.Answer("POST", $"{Url}/$batch", 202,
        $"--batchresponse_1\r\nContent-Type: multipart/mixed; boundary=changesetresponse_1\r\n\r\n{string.Concat(parts)}--changesetresponse_1--\r\n--batchresponse_1--\r\n",
        "text/plain");

    static string Part(string status, string header = "Cache-Control: no-cache", string body = "") =>
        $"--changesetresponse_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nHTTP/1.1 {status}\r\n{header}\r\nDataServiceVersion: 3.0;\r\n\r\n{body}\r\n";

    static string Error(string code, string message) =>
        new StringBuilder("{\"odata.error\":{\"code\":\"").Append(code).Append("\",\"message\":{\"lang\":\"en-US\",\"value\":\"").Append(message).Append("\"}}}").ToString();
}
