using Watchdesk.Operations.Providers;
using Watchdesk.Operations.Runners;

namespace Watchdesk.Tests.Operations.Runners;

/// <summary>What a program is told, from what was said and what it lists.</summary>
public sealed class ChoiceTests
{
    static readonly Cli Aws = ProviderTable.BuiltIn.Find("aws")!.Cli!;

    static readonly Listing[] Known =
    [
        Choice.Read([], "usage: aws\n\naws: error: argument command: Invalid choice, valid choices are:\n\nec2                | iam\ns3                 | help"),
        Choice.Read(["ec2"], "Invalid choice, valid choices are:\n\ndescribe-instances | run-instances\ndescribe-things    | list-things"),
        Choice.Read(["iam"], "Invalid choice, valid choices are:\n\nlist-users | get-user"),
    ];

    [Theory]
    [InlineData("iam list-users", false, "Run", "iam list-users")]
    [InlineData("list ec2 instances", false, "Run", "ec2 describe-instances")]
    [InlineData("get ec2 instance", false, "Run", "ec2 describe-instances")]
    [InlineData("list instances ec2 --output json", false, "Run", "ec2 describe-instances --output json")]
    [InlineData("list ec2 things", false, "Usage", "ec2")]
    [InlineData("run ec2 instances", false, "Usage", "ec2")]
    [InlineData("make me a sandwich", false, "Usage", "")]
    [InlineData("list iam users", true, "Help", "iam list-users help")]
    [InlineData("iam", true, "Help", "iam help")]
    [InlineData("list my things", true, "Help", "help")]
    public void Said(string words, bool isHelp, string kind, string told)
    {
        var choice = Choice.Of(Aws, words.Split(' '), isHelp, Known);

        choice.Kind.ToString().ShouldBe(kind);
        string.Join(' ', choice.Words).ShouldBe(told);
    }

    [Fact]
    public void A_program_is_asked_only_for_what_is_not_known()
    {
        string[] words = ["list", "ec2", "instances"];

        Choice.Of(Aws, words, isHelp: false, []).Kind.ShouldBe(ChoiceKind.Ask);
        Choice.Of(Aws, words, isHelp: false, [Known[0]]).Words.ShouldBe(["ec2"]);
        Choice.Of(Aws, ["ec2", "run-instances"], isHelp: false, [Known[0]]).Kind.ShouldBe(ChoiceKind.Run);
    }

    [Fact]
    public void A_program_that_is_not_asked_has_its_commands_in_the_data()
    {
        var kubectl = ProviderTable.BuiltIn.Find("kubectl")!.Cli!;

        Choice.Of(kubectl, ["get", "pods"], isHelp: false, []).Kind.ShouldBe(ChoiceKind.Run);
        Choice.Of(kubectl, ["plugin-of-mine"], isHelp: false, []).Words.ShouldBe(["--help"]);
        Choice.Of(kubectl, ["pods", "get"], isHelp: true, []).Words.ShouldBe(["get", "--help"]);
    }
}
