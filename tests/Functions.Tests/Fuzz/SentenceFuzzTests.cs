using System.Globalization;
using System.Text;
using Watchdesk.Operations.Providers;
using Watchdesk.Operations.Runners;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Fuzz;

/// <summary>Hostile sentences: nothing throws, and what may be run holds to the allow list whatever was said. WATCHDESK_FUZZ_SEED repeats a run.</summary>
[Trait("Size", "Large")]
[Trait("Demand", "S3-6")]
public sealed class SentenceFuzzTests
{
    const int InputsInAll = 200_000;

    static readonly string[] Sentences =
    [
        "aws list ec2 instances", "aws iam list-users --max-items 5 --output json", "list iam users aws", "azure restart vm web-1 in shop", "azure scale plan p in g to 3",
        "kubectl get pods -n shop -o json -l app=web", "az vm list -g shop --query \"[].name\"", "aws ec2 describe-instances --filters Name=x,Values=y --instance-ids i-1 i-2",
        "aws --region eu-west-1 s3 ls s3://bucket", "kubectl delete pod x -- --all", "aws iam list-users --cli-input-json file://x --endpoint-url=http://x @y", "drain the scheduler", "aws s3 cp /etc/passwd s3://b; rm -rf / `id` $(id) | id\n",
    ];

    static readonly Listing[] Known =
    [
        Choice.Read([], "valid choices are: ec2 | iam | s3 | s3api"), Choice.Read(["ec2"], "valid choices are: describe-instances | list-things"), Choice.Read(["iam"], "valid choices are: list-users"),
        Choice.Read(["s3"], "valid choices are: ls | cp"), Choice.Read(["s3api"], "valid choices are: list-buckets"),
    ];

    [Fact]
    public void Whatever_is_said()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("WATCHDESK_FUZZ_SEED"), CultureInfo.InvariantCulture, out var given) ? given : 20261126;
        var mutator = new Mutator(seed);
        var table = ProviderTable.BuiltIn;
        var kinds = new HashSet<MatchKind>();
        for (var n = 0; n < TestScale.Of(InputsInAll); n++)
        {
            var text = Encoding.UTF8.GetString(mutator.Mutate(Sentences));
            var match = table.Match(text, mutator.Chance(0.1) ? mutator.MutateText(["restart vm", "aws/list ec2 instances"]) : null);
            kinds.Add(match.Kind);
            if (match.Kind == MatchKind.Command)
            {
                CheckRun(match.Provider!.Cli!, match.Words, text);
            }

            foreach (var (name, value) in match.Arguments)
            {
                match.Intent!.Arguments.Single(argument => argument.Name == name).Fits(value).ShouldBeTrue(text);
                value.ShouldNotContain("\n");
            }
        }

        kinds.ShouldBe(Enum.GetValues<MatchKind>(), ignoreOrder: true);
    }

    static void CheckRun(Cli cli, IReadOnlyList<string> words, string text)
    {
        words.Count.ShouldBeLessThanOrEqualTo(Sentence.MaxWords);
        foreach (var word in words)
        {
            word.Any(char.IsControl).ShouldBeFalse(text);
            word.Contains("file://", StringComparison.OrdinalIgnoreCase).ShouldBeFalse(text);
            word.ShouldNotBe("--", text);
            if (word is ['-', _, ..])
            {
                cli.Switches.ContainsKey(word.Split('=')[0]).ShouldBeTrue(text);
            }
        }

        var choice = Choice.Of(cli, words, isHelp: false, Known);
        if (choice.Kind == ChoiceKind.Run && cli.Program == "aws")
        {
            choice.Words.Except(words).ShouldBeSubsetOf(["ec2", "iam", "s3", "s3api", "describe-instances", "list-things", "list-users", "list-buckets"], text);
        }
    }
}
