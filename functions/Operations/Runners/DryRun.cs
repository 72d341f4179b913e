namespace Watchdesk.Operations.Runners;

static class DryRun
{
    public static StepResult Result(string command) => new(true, null, command, $"Dry run: nothing was done. It would run:\n{command}");
}
