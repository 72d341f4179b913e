using Watchdesk.Operations.Providers;
using Watchdesk.Tenants;

namespace Watchdesk.Tests.Operations.Providers;

/// <summary>What sentences ask for. The program itself comes in with the runner.</summary>
public sealed class MatchTests
{
    static readonly ProviderTable Table = ProviderTable.BuiltIn;

    /// <summary>Without any mapping, as the seed's second reading of its test cases has it.</summary>
    static readonly ProviderTable Unmapped = new([.. Table.Providers.Select(provider => provider with { Intents = [] })]);

    [Theory]
    [Trait("Demand", "SL009")]
    [Trait("Demand", "RI013")]
    [InlineData("aws list ec2 instances")]
    [InlineData("list aws ec2 instances")]
    [InlineData("List EC2 instances AWS?")]
    [InlineData("amazon list  ec2\ninstances")]
    public void A_mapped_intent_wins_wherever_the_provider_stands(string text)
    {
        var match = Table.Match(text);

        match.Kind.ShouldBe(MatchKind.Intent);
        (match.Provider!.Id, match.Intent!.Name).ShouldBe(("aws", "list ec2 instances"));
        match.ChangesAnything.ShouldBeFalse();
    }

    [Theory]
    [Trait("Demand", "SL009")]
    [Trait("Demand", "RI015")]
    [Trait("Demand", "SL011")]
    [InlineData("aws list ec2 instances", "list ec2 instances")]
    [InlineData("aws iam list-users", "iam list-users")]
    [InlineData("aws iam list-users --max-items 5 --output=json", "iam list-users --max-items 5 --output=json")]
    [InlineData("aws ec2 describe-instances --filters \"Name=tag:Name,Values=my web\"", "ec2 describe-instances --filters Name=tag:Name,Values=my web")]
    [InlineData("kubectl get pods -n shop", "get pods -n shop")]
    public void Without_a_mapping_what_follows_a_provider_is_for_its_program(string text, string words)
    {
        var match = Unmapped.Match(text);

        match.Kind.ShouldBe(MatchKind.Command, string.Join(' ', match.Problems));
        string.Join(' ', match.Words).ShouldBe(words);
        match.ChangesAnything.ShouldBeFalse();
        match.IsConfusing.ShouldBeFalse();
    }

    [Theory]
    [InlineData("aws ec2 terminate-instances --instance-ids i-1", true)]
    [InlineData("aws ec2 terminate-instances describe-me --instance-ids i-1", true)]
    [InlineData("aws s3 ls", false)]
    [InlineData("aws s3 rm s3://bucket/key", true)]
    [InlineData("aws ec2 run-instances help", false)]
    [InlineData("aws ec2 terminate-instances --instance-ids i-1 help", true)]
    [InlineData("kubectl delete pod web-1", true)]
    [InlineData("kubectl describe pod web-1", false)]
    [InlineData("az vm list -g shop", false)]
    [InlineData("az vm delete -g shop -n web", true)]
    [InlineData("az vm delete list", true)]
    [InlineData("az network nic list", false)]
    public void What_is_not_known_as_harmless_changes_something(string text, bool changes)
    {
        var match = Table.Match(text);

        match.Kind.ShouldBe(MatchKind.Command, string.Join(' ', match.Problems));
        match.ChangesAnything.ShouldBe(changes);
        match.Role.ShouldBe(Role.Operator);
    }

    [Fact]
    [Trait("Demand", "SL012")]
    public void A_provider_named_elsewhere_gives_its_help()
    {
        var match = Table.Match("list iam users aws");

        match.Kind.ShouldBe(MatchKind.Help);
        match.Words.ShouldBe(["list", "iam", "users"]);
        match.IsConfusing.ShouldBeTrue();
    }

    [Theory]
    [Trait("Demand", "SL010")]
    [Trait("Demand", "RI014")]
    [InlineData("list ec2 instances", "aws list ec2 instances")]
    [InlineData("list my instances", "aws list ec2 instances")]
    [InlineData("restart the vm web in shop", "azure restart vm {name} in {group}")]
    public void Without_a_provider_the_nearest_are_offered(string text, string nearest)
    {
        var match = Table.Match(text);

        match.Kind.ShouldBe(MatchKind.Unknown);
        match.Nearest.ShouldContain(nearest);
        match.IsRunnable.ShouldBeFalse();
    }

    [Fact]
    public void Arguments_come_from_the_phrase()
    {
        var match = Table.Match("azure restart vm web-1 in 'shop'");

        match.Kind.ShouldBe(MatchKind.Intent);
        match.Arguments.ShouldBe(new Dictionary<string, string> { ["name"] = "web-1", ["group"] = "shop" }, ignoreOrder: true);
        match.Target.ShouldBe("azure/vm/shop/web-1");
        match.Preview.ShouldBe("Restart the virtual machine web-1 in shop.");
        match.ChangesAnything.ShouldBeTrue();
        var step = match.ToStep("main", "k1", dryRun: false);
        (step.Intent, step.ChangesAnything, step.Arguments["group"]).ShouldBe(("restart vm", true, "shop"));
    }

    [Theory]
    [InlineData("azure restart vm web-1", "group")]
    [InlineData("azure restart vm", "name,group")]
    [InlineData("azure scale plan p1 in shop to 99", "")]
    [InlineData("azure restart vm ../x in shop", "")]
    public void What_is_missing_or_wrong_is_named(string text, string missing)
    {
        var match = Table.Match(text);

        match.Kind.ShouldBe(MatchKind.Incomplete);
        string.Join(',', match.Missing).ShouldBe(missing);
        match.Problems.ShouldNotBeEmpty();
    }

    [Fact]
    public void A_named_intent_takes_its_arguments_from_the_sentence()
    {
        Table.Match("azure stop vm web-1 in shop", "restart vm").Missing.ShouldBe(["name", "group"]);
        Table.Match("please", "aws/list ec2 instances").Kind.ShouldBe(MatchKind.Intent);
        Table.Match("aws restart ec2 instance i-0123456789abcdef0", "reboot ec2 instance").Arguments["instance"].ShouldBe("i-0123456789abcdef0");
        Table.Match("azure", "no such thing").Kind.ShouldBe(MatchKind.Unknown);
        Table.Match("azure", "restart vm", new Dictionary<string, string> { ["name"] = "a", ["group"] = "b" }).Kind.ShouldBe(MatchKind.Intent);
        Table.Match("azure", "restart vm", new Dictionary<string, string> { ["name"] = "a", ["group"] = "b", ["x"] = "c" }).Problems.Single().ShouldContain("has no argument x");
    }

    [Theory]
    [InlineData("what's up")]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("'")]
    public void Ordinary_talk_is_not_understood_and_harms_nothing(string text) => Table.Match(text).Kind.ShouldBe(MatchKind.Unknown);

    [Fact]
    public void A_very_long_message_is_refused_with_its_bound() => Table.Match(new string('a', 5000)).Problems.Single().ShouldContain("4000");
}
