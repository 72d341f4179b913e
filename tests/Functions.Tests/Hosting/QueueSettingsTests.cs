using System.Text;
using Watchdesk.Hosting.Embedded;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Hosting;

public class QueueSettingsTests
{
    [Fact]
    public void Our_host_json_is_read() =>
        QueueSettings.Read(Encoding.UTF8.GetBytes(Repository.Read("functions/host.json"))).ShouldBe(new QueueSettings(32, 100, TimeSpan.FromSeconds(30), 1000));

    [Fact]
    public void What_is_not_said_is_as_the_host_has_it() =>
        QueueSettings.Read("""{"version":"2.0"}"""u8.ToArray()).ShouldBe(new QueueSettings(16, 1000, TimeSpan.Zero, 5));

    [Theory]
    [InlineData("""{"version":"3.0"}""")]
    [InlineData("{}")]
    [InlineData("[")]
    [InlineData("""{"version":"2.0","extensions":{"queues":{"visibilityTimeout":"soon"}}}""")]
    public void What_the_host_would_refuse_is_refused(string text) =>
        Should.Throw<FunctionDefinitionException>(() => QueueSettings.Read(Encoding.UTF8.GetBytes(text)));
}
