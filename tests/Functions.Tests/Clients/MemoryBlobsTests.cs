using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Clients;

public sealed class MemoryBlobsTests() : BlobContract(new MemoryBlobs().Client())
{
    [Fact]
    public async Task A_full_append_blob_says_so()
    {
        var blobs = new MemoryBlobs { MaxBlocks = 1 }.Client();
        (await blobs.AppendAsync("events", "log", "1"u8.ToArray(), default)).IsFull.ShouldBeFalse();
        (await blobs.AppendAsync("events", "log", "2"u8.ToArray(), default)).IsFull.ShouldBeTrue();
    }
}
