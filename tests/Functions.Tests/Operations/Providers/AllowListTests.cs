using Watchdesk.Operations.Providers;

namespace Watchdesk.Tests.Operations.Providers;

/// <summary>What may be said to a program, and the ways around it that are closed.</summary>
public sealed class AllowListTests
{
    static Cli Cli(string provider) => ProviderTable.BuiltIn.Find(provider)!.Cli!;

    [Theory]
    [Trait("Demand", "S3-6")]
    [InlineData("aws", "iam list-users --endpoint-url http://evil.example", "--endpoint-url")]
    [InlineData("aws", "iam list-users --endpoint-url=http://evil.example", "--endpoint-url")]
    [InlineData("aws", "iam list-users --endpoint-ur=x", "--endpoint-ur")]
    [InlineData("aws", "iam list-users --profile other", "--profile")]
    [InlineData("aws", "iam list-users --cli-input-json {}", "--cli-input-json")]
    [InlineData("aws", "iam list-users --cli-input-yaml=x", "--cli-input-yaml")]
    [InlineData("aws", "iam list-users --no-verify-ssl", "--no-verify-ssl")]
    [InlineData("aws", "iam list-users --debug", "--debug")]
    [InlineData("aws", "iam list-users --Output json", "--Output")]
    [InlineData("aws", "iam list-users -- --profile x", "\"--\"")]
    [InlineData("aws", "iam list-users --query file:///etc/passwd", "read from a file")]
    [InlineData("aws", "iam list-users --query=FILE:///etc/passwd", "read from a file")]
    [InlineData("aws", "ec2 describe-instances --filters Name=x,Values@=file://a", "read from a file")]
    [InlineData("aws", "ec2 describe-instances --filters fileb://a", "read from a file")]
    [InlineData("aws", "iam get-user --user-name http://evil.example/x", "is an address")]
    [InlineData("aws", "iam get-user --user-name https://evil.example/x", "is an address")]
    [InlineData("aws", "iam get-user --user-name @x", "read from a file")]
    [InlineData("aws", "s3api get-object --bucket b --prefix k out", "never run")]
    [InlineData("aws", "s3 cp s3://b/k x", "never run")]
    [InlineData("aws", "S3 CP s3://b/k x", "never run")]
    [InlineData("aws", "s3 ls /etc", "looks like a path")]
    [InlineData("aws", "s3 ls ../x", "looks like a path")]
    [InlineData("aws", "s3 ls ~/x", "looks like a path")]
    [InlineData("aws", "s3 ls s3://b/../x", "looks like a path")]
    [InlineData("aws", "--region eu-west-1 configure list", "never run")]
    [InlineData("aws", "secretsmanager get-secret-value", "never run")]
    [InlineData("aws", "iam list-users --output", "needs a value")]
    [InlineData("aws", "iam list-users --output --query x", "needs a value")]
    [InlineData("aws", "iam list-users --output=xml", "must match")]
    [InlineData("aws", "iam list-users --no-paginate=1", "takes no value")]
    [InlineData("kubectl", "get pods -ojson", "-ojson")]
    [InlineData("kubectl", "get pods -Aojson", "-Aojson")]
    [InlineData("kubectl", "get pods -o custom-columns-file=/etc/passwd", "must match")]
    [InlineData("kubectl", "get pods -o=go-template-file=x", "must match")]
    [InlineData("kubectl", "get pods --kubeconfig x", "--kubeconfig")]
    [InlineData("kubectl", "get pods -s https://evil.example", "-s")]
    [InlineData("kubectl", "get pods --as admin", "--as")]
    [InlineData("kubectl", "delete -f x", "-f")]
    [InlineData("kubectl", "get secrets", "never run")]
    [InlineData("kubectl", "get pods,secrets", "never run")]
    [InlineData("kubectl", "get pod/x secret/y", "never run")]
    [InlineData("az", "vm list --query @/etc/passwd", "read from a file")]
    [InlineData("az", "rest", "never run")]
    [InlineData("az", "keyvault secret show", "never run")]
    [InlineData("az", "account get-access-token", "never run")]
    public void Refused(string provider, string words, string why) =>
        AllowList.Check(Cli(provider), words.Split(' ')).Problem.ShouldNotBeNull().ShouldContain(why);

    [Theory]
    [InlineData("iam list-users --query Users[].{a:UserName}")]
    [InlineData("ec2 describe-instances --filters Name=instance-state-name,Values=running Name=vpc-id,Values=vpc-1 --output table")]
    [InlineData("logs describe-log-groups --log-group-name-prefix /aws/lambda/x")]
    [InlineData("iam list-users ; rm -")]
    public void Allowed(string words) => AllowList.Check(Cli("aws"), words.Split(' ')).Problem.ShouldBeNull();

    [Fact]
    public void A_word_has_no_line_break_and_there_are_not_too_many()
    {
        AllowList.Check(Cli("aws"), ["iam", "list-users\nrm"]).Problem!.ShouldContain("line break");
        AllowList.Check(Cli("aws"), ["iam", "list-users\0"]).Problem!.ShouldContain("control character");
        AllowList.Check(Cli("aws"), [.. Enumerable.Repeat("a", 65)]).Problem!.ShouldContain("64");
        AllowList.Check(Cli("aws"), [new string('a', 2001)]).Problem!.ShouldContain("2000");
        AllowList.Check(Cli("aws"), [.. Enumerable.Repeat(new string('a', 1500), 6)]).Problem!.ShouldContain("8000");
    }

    [Fact]
    public void Values_of_a_switch_are_told_from_commands()
    {
        var said = AllowList.Check(Cli("aws"), ["--region", "eu-west-1", "ec2", "describe-instances", "--instance-ids", "i-1", "i-2", "--output=json"]);

        said.Commands.ShouldBe(["ec2", "describe-instances"]);
        said.Rest.ShouldBe(["--region", "eu-west-1", "--instance-ids", "i-1", "i-2", "--output=json"]);
    }
}
