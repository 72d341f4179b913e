using Watchdesk.Clients;
using Watchdesk.Hosting;

namespace Watchdesk.Tests.Hosting;

public class PatienceTests
{
    [Fact]
    public async Task A_bad_moment_is_waited_for_and_the_handler_runs_again()
    {
        var runs = 0;

        await new Patience(TimeSpan.FromMinutes(1)).RunAsync(() => ++runs == 2 ? Task.CompletedTask : throw Away(isTransient: true), TimeProvider.System, default);

        runs.ShouldBe(2);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 60)]
    public async Task What_waiting_cannot_mend_is_thrown_at_once(bool isTransient, int seconds)
    {
        var runs = 0;

        await Should.ThrowAsync<RemoteCallException>(new Patience(TimeSpan.FromSeconds(seconds)).RunAsync(
            () =>
            {
                runs++;
                throw Away(isTransient);
            },
            TimeProvider.System,
            default));

        runs.ShouldBe(1);
    }

    static RemoteCallException Away(bool isTransient) => new("Tables", "GET", 503, null, isTransient);
}
