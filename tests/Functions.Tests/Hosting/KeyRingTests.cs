using System.Xml.Linq;
using Watchdesk.Hosting;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Hosting;

public class KeyRingTests
{
    readonly MemoryBlobs blobs = new();

    [Fact]
    public void New_ring_is_empty() => Ring().GetAllElements().ShouldBeEmpty();

    [Fact]
    public void Every_instance_reads_what_any_has_stored()
    {
        Ring().StoreElement(new XElement("key", 1), "a");
        Ring().StoreElement(new XElement("key", 2), "b");

        Ring().GetAllElements().Select(key => key.Value).ShouldBe(["1", "2"]);
        blobs.Names.ShouldBe(["keys/ring.xml"]);
    }

    [Fact]
    public async Task Keys_that_are_stored_at_the_same_time_are_all_kept()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => Ring().StoreElement(new XElement("key", i), ""))));

        Ring().GetAllElements().Count.ShouldBe(4);
    }

    KeyRing Ring() => new(blobs.Client());
}
