using Watchdesk.Operations;
using Watchdesk.Operations.Providers;
using Watchdesk.Operations.Runners;
using Watchdesk.Tenants;

namespace Watchdesk.Tests.Operations;

/// <summary>The steps that are planned for what the built-in providers can be asked.</summary>
public sealed class OperationPlanTests
{
    static readonly string[] Values = ["scheduler-1", "3", "i-0123456789abcdef0", "web"];

    public static TheoryData<string> Changing => [.. ProviderTable.BuiltIn.Providers.SelectMany(provider => provider.Intents.Where(intent => intent.ChangesAnything).Select(intent => $"{provider.Id}/{intent.Name}"))];

    [Theory]
    [MemberData(nameof(Changing))]
    public void Every_step_has_the_arguments_of_its_own_intent(string intent)
    {
        var plan = PlanOf(intent);

        var steps = plan.Steps.Select(planned => planned.Step).Append(plan.Undo).OfType<Step>().ToList();
        steps.ShouldNotBeEmpty();
        foreach (var step in steps)
        {
            var owner = ProviderTable.BuiltIn.Find(step.Provider)!;
            Matching.Complete(owner, owner.Find(step.Intent!)!, step.Arguments).Problems.ShouldBeEmpty(step.Intent);
        }
    }

    [Fact]
    public void A_look_expects_what_was_asked_for_also_when_it_does_not_take_it()
    {
        var look = PlanOf("azure/scale plan").Steps[^1];

        look.Step!.Arguments.Keys.ShouldBe(["name", "group"], ignoreOrder: true);
        look.Verify!.IsMet("\"capacity\": 3", look.Step.Arguments).ShouldBeTrue();
        look.Verify.IsMet("\"capacity\": 2", look.Step.Arguments).ShouldBeFalse();
    }

    static OperationPlan PlanOf(string intent)
    {
        var (provider, name) = (intent.Split('/')[0], intent.Split('/')[1]);
        var wanted = ProviderTable.BuiltIn.Find(provider)!.Find(name)!;
        var match = ProviderTable.BuiltIn.Match(provider, name, wanted.Arguments.ToDictionary(argument => argument.Name, argument => Values.First(argument.Fits)));
        match.Problems.ShouldBeEmpty();
        var operation = new Operation("main", "0", intent, new Asker("1", "ann", Role.Operator, "ann"), DateTimeOffset.UnixEpoch);
        return OperationPlan.Of(match, operation, ["drainUrl"]);
    }
}
