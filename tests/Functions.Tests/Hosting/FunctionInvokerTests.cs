using Watchdesk.Hosting.Embedded;

namespace Watchdesk.Tests.Hosting;

public class FunctionInvokerTests
{
    [Theory]
    [InlineData(200, "application/json",                "{}",                          true)]
    [InlineData(200, "application/json; charset=utf-8", """{"Outputs":{},"Logs":[]}""", true)]
    [InlineData(201, "application/json",                "{}",                          true)]
    [InlineData(200, "application/json",                "",                            false)]
    [InlineData(200, "application/json",                "null",                        false)]
    [InlineData(200, "application/json",                "[]",                          false)]
    [InlineData(200, "application/json",                "{",                           false)]
    [InlineData(200, "text/plain",                      "{}",                          false)]
    [InlineData(200, null,                              "{}",                          false)]
    [InlineData(302, "application/json",                "{}",                          false)]
    [InlineData(404, "application/json",                "{}",                          false)]
    [InlineData(500, "application/json",                "{}",                          false)]
    public void Answer_is_judged_as_the_host_does(int status, string? contentType, string body, bool isDone) =>
        (FunctionInvoker.Refusal(status, contentType, body) is null).ShouldBe(isDone);
}
