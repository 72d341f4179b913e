using Watchdesk.Hosting;
using Watchdesk.Operations.Providers;

namespace Watchdesk.Tests.Operations.Providers;

[Trait("Demand", "S3-13")]
public sealed class ProviderTableTests
{
    [Fact]
    [Trait("Demand", "S3-4")]
    public void The_built_in_providers_are_whole()
    {
        var table = ProviderTable.BuiltIn;

        table.Providers.Select(provider => provider.Id).ShouldBe(["azure", "aws", "az", "kubectl", "scheduler"]);
        foreach (var (provider, intent) in table.Providers.SelectMany(provider => provider.Intents.Select(intent => (provider, intent))))
        {
            var phrase = $"{provider.Id} {intent.Phrases[0]}";
            var match = table.Match(phrase);
            match.Intent.ShouldBe(intent, phrase);
            intent.Timeout.ShouldBeGreaterThan(TimeSpan.Zero);
            if (intent.ChangesAnything)
            {
                intent.Preview.ShouldNotBeNull(intent.Name);
                intent.Target.ShouldNotBeNull(intent.Name);
            }
        }
    }

    [Fact]
    public void A_verification_looks_into_the_answer()
    {
        var scale = ProviderTable.BuiltIn.Find("azure")!.Find("scale plan")!;
        var arguments = new Dictionary<string, string> { ["count"] = "3" };

        scale.Verification!.IsMet("{\n  \"sku\": {\n    \"capacity\": 3\n  }\n}", arguments).ShouldBeTrue();
        scale.Verification.IsMet("{\"sku\":{\"capacity\":30}}", arguments).ShouldBeFalse();
    }

    [Theory]
    [InlineData("GET",  false, false)]
    [InlineData("GET",  true,  true)]
    [InlineData("POST", false, true)]
    public void A_call_that_is_not_a_get_changes_something(string method, bool said, bool changes) =>
        new Intent("a") { Call = new IntentCall(method, "u"), ChangesAnything = said }.ChangesAnything.ShouldBe(changes);

    [Theory]
    [InlineData("""[{"id":"X","name":"x","runner":"webhook"}]""", "id is 2 to 30")]
    [InlineData("""[{"id":"xx","name":"","runner":"webhook"}]""", "name has 1 to 100")]
    [InlineData("""[{"id":"xx","name":"x","runner":"cli"}]""", "cli is required")]
    [InlineData("""[{"id":"xx","name":"x","runner":"cli","cli":{"program":"/bin/sh"}}]""", "cli.program is the bare name")]
    [InlineData("""[{"id":"xx","name":"x","runner":"cli","cli":{"program":"x","switches":{"a":{}}}}]""", "cli.switches begin with a hyphen")]
    [InlineData("""[{"id":"xx","name":"x","runner":"cli","cli":{"program":"x","files":{"../x":""}}}]""", "cli.files are named folder/file")]
    [InlineData("""[{"id":"xx","name":"x","runner":"cli","cli":{"program":"x","trailing":["{key}"]}}]""", "cli names {key}, which is no credential")]
    [InlineData("""[{"id":"xx","name":"x","runner":"webhook","intents":[{"name":"a"}]}]""", "intents[0].call has a method")]
    [InlineData("""[{"id":"xx","name":"x","runner":"webhook","intents":[{"name":"a","call":{"method":"POST","path":"u"}},{"name":"A","call":{"method":"POST","path":"u"}}]}]""", "intents have names of their own")]
    [InlineData("""[{"id":"xx","name":"x","runner":"webhook","intents":[{"name":"a","phrases":["do {thing}"],"call":{"method":"POST","path":"u"}}]}]""", "intents[0].phrases names {thing}, which is no argument")]
    [InlineData("""[{"id":"xx","name":"x","runner":"webhook","intents":[{"name":"a","arguments":[{"name":"n","pattern":"(a)\\1"}],"call":{"method":"POST","path":"u"}}]}]""", "intents[0].arguments have patterns without look-around")]
    [InlineData("""[{"id":"xx","name":"x","runner":"webhook","intents":[{"name":"a","verification":{"intent":"b","expect":"x"},"call":{"method":"POST","path":"u"}}]}]""", "intents[0].verification.intent is an intent of the same provider")]
    [InlineData("""[{"id":"xx","name":"x","runner":"webhook","intents":[{"name":"a","timeout":"1.00:00:00","call":{"method":"POST","path":"u"}}]}]""", "intents[0].timeout is more than zero")]
    [InlineData("""[{"id":"xx","name":"x","runner":"webhook","colour":"red"}]""", "colour")]
    [InlineData("""[{"id":"xx","name":"x","runner":"shell"}]""", "$[0].runner")]
    [InlineData("""[{"id":"xx","name":"x","runner":"webhook"},{"id":"xx","name":"x","runner":"webhook"}]""", "is there twice")]
    public void A_fault_is_said_with_its_member(string json, string fault) =>
        Should.Throw<InvalidRequestException>(() => ProviderTable.Read(json)).Message.ShouldContain(fault);

    [Fact]
    public void A_provider_of_the_tenant_stands_for_the_built_in_one()
    {
        var own = ProviderTable.BuiltIn.Find("aws")! with { Intents = [] };

        var table = ProviderTable.BuiltIn.With([own]);

        table.Providers.Count.ShouldBe(ProviderTable.BuiltIn.Providers.Count);
        table.Match("aws list ec2 instances").Kind.ShouldBe(MatchKind.Command);
    }
}
