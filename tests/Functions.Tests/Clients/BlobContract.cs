using System.Text;
using Watchdesk.Clients;

namespace Watchdesk.Tests.Clients;

/// <summary>What the blob client does, against Azurite and against its double in memory.</summary>
public abstract class BlobContract(BlobClient blobs)
{
    const string Json = "application/json";
    static readonly CancellationToken None = CancellationToken.None;
    static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(15);
    readonly string container = "c" + Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Create_makes_the_container_and_refuses_a_second_blob_of_the_name()
    {
        (await blobs.GetAsync(container, "a/b.json", None)).ShouldBeNull();

        (await blobs.CreateAsync(container, "a/b.json", "1"u8.ToArray(), Json, None)).ShouldBeTrue();
        (await blobs.CreateAsync(container, "a/b.json", "2"u8.ToArray(), Json, None)).ShouldBeFalse();

        (await blobs.GetAsync(container, "a/b.json", None))!.Content.ToArray().ShouldBe("1"u8.ToArray());
        (await blobs.GetAsync(container, "none", None)).ShouldBeNull();
    }

    [Fact]
    public async Task Of_parallel_creates_one_wins()
    {
        var wins = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => blobs.CreateAsync(container, "one", new byte[] { (byte)i }, Json, None)));
        wins.Count(won => won).ShouldBe(1);
    }

    [Fact]
    public async Task Put_holds_to_the_etag()
    {
        var first = (await blobs.PutAsync(container, "b", "1"u8.ToArray(), Json, None)).ShouldNotBeNull();
        var second = (await blobs.PutAsync(container, "b", "2"u8.ToArray(), Json, first, None)).ShouldNotBeNull();

        (await blobs.PutAsync(container, "b", "3"u8.ToArray(), Json, first, None)).ShouldBeNull();
        (await blobs.PutAsync(container, "gone", "3"u8.ToArray(), Json, first, None)).ShouldBeNull();

        var read = (await blobs.GetAsync(container, "b", None))!;
        read.ETag.ShouldBe(second);
        read.Content.ToArray().ShouldBe("2"u8.ToArray());
        (await blobs.DeleteAsync(container, "b", first, None)).ShouldBeFalse();
        (await blobs.DeleteAsync(container, "b", second, None)).ShouldBeTrue();
        (await blobs.DeleteAsync(container, "b", None)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("a b/ünï 😀.json")]
    [InlineData("100%+?#&='\"()")]
    public async Task Names_with_odd_characters_come_back(string name)
    {
        (await blobs.CreateAsync(container, name, "1"u8.ToArray(), Json, None)).ShouldBeTrue();
        (await blobs.GetAsync(container, name, None)).ShouldNotBeNull();
        (await List("")).ShouldBe([name]);
    }

    [Fact]
    public async Task Names_that_would_lead_elsewhere_are_refused()
    {
        foreach (var name in new[] { "", "a//b", "../other/x", "a/./b", "/a" })
        {
            await Should.ThrowAsync<ArgumentException>(() => blobs.GetAsync(container, name, None));
        }

        await Should.ThrowAsync<ArgumentException>(() => blobs.GetAsync("Bad", "a", None));
    }

    [Fact]
    public async Task Append_makes_blob_and_container_and_counts_blocks()
    {
        (await blobs.AppendAsync(container, "log/1", "a\n"u8.ToArray(), None)).ShouldBe(new AppendResult(1, false));
        (await blobs.AppendAsync(container, "log/1", "b\n"u8.ToArray(), None)).ShouldBe(new AppendResult(2, false));

        Encoding.UTF8.GetString((await blobs.GetAsync(container, "log/1", None))!.Content.Span).ShouldBe("a\nb\n");
        await Should.ThrowAsync<ArgumentException>(() => blobs.AppendAsync(container, "log/1", default, None));
        await Should.ThrowAsync<ArgumentException>(() => blobs.AppendAsync(container, "log/1", new byte[BlobClient.MaxBlock + 1], None));
    }

    [Fact]
    public async Task Parallel_appends_to_a_new_blob_all_stay()
    {
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => blobs.AppendAsync(container, "log", Encoding.ASCII.GetBytes($"{i}\n"), None)));

        var text = Encoding.ASCII.GetString((await blobs.GetAsync(container, "log", None))!.Content.Span);
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order().ShouldBe(Enumerable.Range(0, 10).Select(i => $"{i}"));
    }

    [Fact]
    public async Task A_blob_of_several_pieces_is_read_as_one_stream()
    {
        var block = new byte[BlobClient.MaxBlock];
        Random.Shared.NextBytes(block);
        await blobs.AppendAsync(container, "big", block, None);
        await blobs.AppendAsync(container, "big", block, None);
        await blobs.AppendAsync(container, "big", "end"u8.ToArray(), None);

        using var copy = new MemoryStream();
        await using (var stream = blobs.OpenRead(container, "big"))
        {
            await stream.CopyToAsync(copy);
        }

        copy.ToArray().AsSpan().SequenceEqual([.. block, .. block, .. "end"u8]).ShouldBeTrue();
        (await blobs.ReadAsync(container, "big", 4_194_300, 8, None))!.Value.ToArray().ShouldBe([.. block[^4..], .. block[..4]]);
        (await blobs.ReadAsync(container, "big", 100_000_000, 8, None))!.Value.Length.ShouldBe(0);
        (await blobs.ReadAsync(container, "none", 0, 8, None)).ShouldBeNull();
        using var nothing = new StreamReader(blobs.OpenRead(container, "none"));
        (await nothing.ReadToEndAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Lines_come_one_by_one_whatever_block_they_were_in()
    {
        foreach (var block in new[] { "one\ntw", "o\n\n", "{\"ü\":1}\nlast" })
        {
            await blobs.AppendAsync(container, "log", Encoding.UTF8.GetBytes(block), None);
        }

        var lines = new List<string>();
        await foreach (var line in blobs.ReadLinesAsync(container, "log", None))
        {
            lines.Add(Encoding.UTF8.GetString(line.Span));
        }

        lines.ShouldBe(["one", "two", "{\"ü\":1}", "last"]);
    }

    [Fact]
    public async Task A_list_is_by_prefix_and_name()
    {
        (await List("")).ShouldBeEmpty();
        foreach (var name in new[] { "e/2", "e/1", "f/1" })
        {
            await blobs.CreateAsync(container, name, "12"u8.ToArray(), Json, None);
        }

        (await List("e/")).ShouldBe(["e/1", "e/2"]);
        (await List("")).ShouldBe(["e/1", "e/2", "f/1"]);
    }

    [Fact]
    public async Task A_lease_has_one_holder()
    {
        var (mine, other) = (Guid.NewGuid(), Guid.NewGuid());

        (await blobs.AcquireLeaseAsync(container, "lock", mine, LeaseTime, None)).ShouldBeTrue();
        (await blobs.AcquireLeaseAsync(container, "lock", other, LeaseTime, None)).ShouldBeFalse();
        (await blobs.AcquireLeaseAsync(container, "lock", mine, LeaseTime, None)).ShouldBeTrue();
        (await blobs.RenewLeaseAsync(container, "lock", mine, None)).ShouldBeTrue();
        (await blobs.RenewLeaseAsync(container, "lock", other, None)).ShouldBeFalse();
        (await blobs.ReleaseLeaseAsync(container, "lock", other, None)).ShouldBeFalse();
        (await blobs.ReleaseLeaseAsync(container, "lock", mine, None)).ShouldBeTrue();
        (await blobs.ReleaseLeaseAsync(container, "lock", mine, None)).ShouldBeFalse();
        (await blobs.AcquireLeaseAsync(container, "lock", other, LeaseTime, None)).ShouldBeTrue();
        (await blobs.RenewLeaseAsync(container, "none", mine, None)).ShouldBeFalse();
        await Should.ThrowAsync<ArgumentException>(() => blobs.AcquireLeaseAsync(container, "lock", mine, TimeSpan.FromSeconds(14), None));
    }

    async Task<List<string>> List(string prefix)
    {
        var names = new List<string>();
        await foreach (var item in blobs.ListAsync(container, prefix, None))
        {
            names.Add(item);
        }

        return names;
    }
}
