using System.Globalization;
using Watchdesk.Hosting.Durable;

namespace Watchdesk.Tests.Hosting.Durable;

/// <summary>The orchestrators whose histories lie in Samples/durable, by the beginning of the file's name.</summary>
static class GoldenOrchestrations
{
    static readonly Activity<string, string> A = new("A", SampleJson.Default.String, SampleJson.Default.String);
    static readonly Activity<string, string> B = new("B", SampleJson.Default.String, SampleJson.Default.String);
    static readonly Orchestration<string, string> Child = new("Child", SampleJson.Default.String, SampleJson.Default.String, Version: 4);
    static readonly ExternalEvent<string> Approved = new("Approved", SampleJson.Default.String);
    static readonly ExternalEvent<string> Go = new("go", SampleJson.Default.String);

    public static Func<OrchestrationContext, Task<string?>> Of(string sample) => sample.Split('-')[0] switch
    {
        "retry" => Code(async (context, input) => await context.CallAsync(A, input, new RetryPolicy(3, TimeSpan.FromSeconds(10)))),
        "fan" => Code(async (context, _) =>
        {
            var all = await Task.WhenAll(Enumerable.Range(0, 100).Select(n => context.CallAsync(A, $"{n}")));
            return $"{all.Where((text, n) => text == $"{n}").Count()} of {all.Length}";
        }),
        "approval" => Code(async (context, _) =>
        {
            context.SetStatus("waiting", SampleJson.Default.String);
            var answer = await context.WaitForAsync(Approved, TimeSpan.FromHours(1));
            return answer.HasCome ? answer.Value! : "too late";
        }),
        "continues" => Code(async (context, input) =>
        {
            await context.WaitForAsync(Go);
            context.ContinueAsNew($"{int.Parse(input, CultureInfo.InvariantCulture) + 1}", SampleJson.Default.String);
            return "";
        }),
        "child" => Code(async (context, input) =>
        {
            try
            {
                return await context.CallAsync(Child, input);
            }
            catch (TaskFailedException failed)
            {
                return failed.Failure.Type;
            }
        }),
        "no" => Code(async (context, input) => string.Concat(await Task.WhenAll(context.CallAsync(A, input), context.CallAsync(B, input)))),
        "status" => Code(async (context, input) =>
        {
            context.SetStatus("one", SampleJson.Default.String);
            var a = await context.CallAsync(A, input);
            context.ClearStatus();
            return await context.CallAsync(B, a);
        }),
        _ => Code(async (context, input) => await context.CallAsync(B, await context.CallAsync(A, input))),
    };

    /// <summary>As <see cref="DurableRoutes"/> wraps an orchestrator.</summary>
    public static Func<OrchestrationContext, Task<string?>> Code(Func<OrchestrationContext, string, Task<string>> run) => async context =>
        DurableJson.Write(await run(context, DurableJson.Read(context.Input, SampleJson.Default.String)!), SampleJson.Default.String);
}
