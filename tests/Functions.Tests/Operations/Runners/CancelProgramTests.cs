using Watchdesk.Operations.Providers;

namespace Watchdesk.Tests.Operations.Runners;

/// <summary>An operation whose program runs as a process of this machine when somebody cancels it.</summary>
[Trait("Size", "Large")]
[Trait("Demand", "S3-9")]
public sealed class CancelProgramTests : IAsyncLifetime
{
    /// <summary>Far below the 5 min that the program may take.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    StepDesk desk = null!;

    public async Task InitializeAsync() => desk = await StepDesk.StartAsync();

    public async Task DisposeAsync() => await desk.DisposeAsync();

    [Theory]
    [InlineData("back", "It was undone by “come back”.")]
    [InlineData(null,   "What was done so far stays: nothing is known that undoes it.")]
    public async Task Its_program_is_ended_with_all_that_it_started_and_what_it_did_is_undone_where_that_is_known(string? undo, string outcome)
    {
        var story = OperationStory.Over(desk.Engine);
        var (began, undone) = (Path.Combine(desk.Programs, "began"), Path.Combine(desk.Programs, "undone"));
        desk.Write("walk", $"#!/bin/sh\nif [ $1 = back ]; then touch {undone}; exit; fi\ntrap '' TERM INT HUP\n(setsid sh -c 'echo $$ > {began}.part; mv {began}.part {began}; exec sleep 1004' &)\nwhile true; do sleep 1005; done");
        await desk.PutAsync(Walker(undo is null ? null : "come back"));
        var id = story.IdOf(await story.AskAsync("walker go away"));

        // The desk of the test does one thing at a time: the approval returns when what it began has ended.
        var approving = Task.Run(() => story.ActAsync(OperationStory.Other, id, "approve"));
        using var tooLong = new CancellationTokenSource(Patience);
        while (!File.Exists(began))
        {
            await Task.Delay(50, tooLong.Token);
        }

        await OperationStory.SendAsync(await story.AsAsync(OperationStory.Asker), "POST", $"/{id}/cancel", "");
        await approving.WaitAsync(Patience);
        await story.Desk.SettleAsync();

        var ended = await story.GetAsync(id);
        OperationStory.Text(ended, "reason").ShouldBe($"Cancelled by key of {OperationStory.Asker} while “Go away.” ran: what it had done by then is not known. {outcome}");
        OperationStory.Text(ended.GetProperty("steps")[0], "error").ShouldContain($"key of {OperationStory.Asker} cancelled the operation.");
        File.Exists(undone).ShouldBe(undo is not null);
        CommandLine(File.ReadAllText(began).Trim()).ShouldNotContain("sleep");
    }

    /// <summary>Empty of one that has ended.</summary>
    static string CommandLine(string process) => File.Exists($"/proc/{process}/cmdline") ? File.ReadAllText($"/proc/{process}/cmdline") : "";

    static Provider Walker(string? undo) => new("walker", "Walker", RunnerKind.Cli)
    {
        Cli = new Cli("walk") { Commands = ["away", "back"] },
        Intents =
        [
            new Intent("go away") { Phrases = ["go away"], ChangesAnything = true, Preview = "Go away.", Target = "walk", Command = ["away"], Compensation = undo },
            new Intent("come back") { Phrases = ["come back"], ChangesAnything = true, Preview = "Come back.", Target = "walk", Command = ["back"] },
        ],
    };
}
