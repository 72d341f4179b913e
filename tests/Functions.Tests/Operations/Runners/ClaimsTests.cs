using Watchdesk.Operations.Runners;

namespace Watchdesk.Tests.Operations.Runners;

/// <summary>What is known of a command that was begun, whenever the machine stopped.</summary>
public sealed class ClaimsTests : IDisposable
{
    static readonly StepResult Done = new(true, 0, "count more", "done\n");

    readonly string folder = Directory.CreateTempSubdirectory("watchdesk-test-").FullName;

    Claims Sut => new(folder, TimeProvider.System);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_first_begins_it_and_every_other_gets_what_it_came_to()
    {
        (await Sut.BeginAsync("k1", default)).ShouldBe((true, null));
        (await Sut.BeginAsync("k1", default)).ShouldBe((false, null));

        await Sut.EndAsync("k1", Done, default);

        (await Sut.BeginAsync("k1", default)).ShouldBe((false, Done));
        (await Sut.BeginAsync("k2", default)).ShouldBe((true, null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"succeeded\":true,\"exitSta")]
    [InlineData("\0\0\0\0")]
    [InlineData("null")]
    public async Task Of_a_result_that_was_cut_nobody_knows_what_it_was(string left)
    {
        await Sut.BeginAsync("k1", default);
        File.WriteAllText(Path.Combine(folder, "begun", "k1"), left);

        (await Sut.BeginAsync("k1", default)).ShouldBe((false, null));
    }

    [Fact]
    public async Task Stopped_while_it_writes_its_result_it_is_still_only_begun_and_can_end_later()
    {
        await Sut.BeginAsync("k1", default);
        File.WriteAllText(Path.Combine(folder, "begun", "k1.part"), "{\"succeeded\":true,\"exitSta and what was longer than what comes");
        (await Sut.BeginAsync("k1", default)).ShouldBe((false, null));

        await Sut.EndAsync("k1", Done, default);

        (await Sut.BeginAsync("k1", default)).ShouldBe((false, Done));
        Directory.GetFiles(Path.Combine(folder, "begun")).Select(Path.GetFileName).ShouldBe(["k1"]);
    }
}
