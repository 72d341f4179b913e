using Watchdesk.Operations.Providers;

namespace Watchdesk.Tests.Operations.Runners;

/// <summary>The seed's test cases with the real program and a played cloud.</summary>
[Trait("Size", "Large")]
public sealed class AwsTests : IAsyncLifetime
{
    StepDesk desk = null!;
    AwsDouble aws = null!;

    public async Task InitializeAsync()
    {
        (desk, aws) = (await StepDesk.StartAsync(), await AwsDouble.StartAsync());
        await UseAsync(provider => provider);
        await desk.EnterAsync("aws", new() { ["region"] = "eu-west-1", ["awsAccessKeyId"] = "AKIAIOSFODNN7EXAMPLE", ["awsSecretAccessKey"] = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" });
    }

    public async Task DisposeAsync()
    {
        await desk.DisposeAsync();
        await aws.DisposeAsync();
    }

    [Fact]
    [Trait("Demand", "SL009")]
    [Trait("Demand", "RI013")]
    public async Task What_has_a_mapping_succeeds()
    {
        foreach (var text in new[] { "aws list ec2 instances", "list aws ec2 instances" })
        {
            var result = await desk.RunAsync(text);

            (result.Succeeded, result.ExitStatus, result.Command, result.Error).ShouldBe((true, 0, "aws ec2 describe-instances", null));
            result.Output.ShouldContain("\"InstanceId\": \"i-0123456789abcdef0\"");
        }

        aws.Calls.ShouldAllBe(call => call.Authorization.Contains("Credential=AKIAIOSFODNN7EXAMPLE/"));
    }

    [Fact]
    [Trait("Demand", "SL009")]
    [Trait("Demand", "RI015")]
    public async Task The_same_without_a_mapping_succeeds_by_its_phrase()
    {
        await UseAsync(provider => provider with { Intents = [] });

        var result = await desk.RunAsync("aws list ec2 instances");

        (result.Succeeded, result.Command, result.Error).ShouldBe((true, "aws ec2 describe-instances", null));
        result.Output.ShouldContain("i-0123456789abcdef0");
    }

    [Fact]
    [Trait("Demand", "SL011")]
    public async Task A_command_goes_to_the_program_unchanged()
    {
        var result = await desk.RunAsync("aws iam list-users --query Users[].UserName --output text");

        (result.Succeeded, result.Command, result.Output).ShouldBe((true, "aws iam list-users --query Users[].UserName --output text", "admin\n"));
        aws.Calls.Select(call => call.Action).ShouldBe(["ListUsers"]);
    }

    [Fact]
    [Trait("Demand", "SL012")]
    public async Task A_provider_named_elsewhere_gives_help_for_the_nearest_and_fails()
    {
        var result = await desk.RunAsync("list iam users aws");

        (result.Succeeded, result.Command).ShouldBe((false, "aws iam list-users help"));
        result.Output.ShouldContain("Lists  the  IAM  users");
        result.Output.ShouldContain("\nNAME\n");
        result.Error!.ShouldContain("help for the nearest");
        aws.Calls.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Demand", "SL010")]
    [Trait("Demand", "RI014")]
    public async Task Without_a_provider_nothing_is_run()
    {
        foreach (var text in new[] { "list ec2 instances", "list my instances" })
        {
            (await desk.MatchAsync(text)).Kind.ShouldBe(MatchKind.Unknown);
        }
    }

    [Fact]
    public async Task What_is_no_command_gives_the_usage_of_the_program()
    {
        var result = await desk.RunAsync("aws make me a sandwich");
        var thing = await desk.RunAsync("aws list ec2 sandwiches");

        (result.Succeeded, thing.Succeeded).ShouldBe((false, false));
        result.Output.ShouldContain("usage: aws [options] <command>");
        result.Output.ShouldContain("ec2");
        thing.Output.ShouldContain("describe-instances");
        aws.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Changes_lists_and_the_caller()
    {
        (await desk.RunAsync("aws stop ec2 instance i-0123456789abcdef0")).Output.ShouldContain("stopping");
        (await desk.RunAsync("aws list s3 buckets")).Output.ShouldContain("invoices");
        (await desk.RunAsync("aws sts get-caller-identity")).Output.ShouldContain("arn:aws:iam::064674:user/admin");

        aws.Calls.Select(call => call.Action).ShouldBe(["StopInstances", "ListBuckets", "GetCallerIdentity"]);
    }

    [Fact]
    [Trait("Demand", "S3-6")]
    public async Task Signs_of_a_shell_reach_the_cloud_as_letters()
    {
        var result = await desk.RunAsync("aws ec2 describe-instances --filters 'Name=tag:Name,Values=$(id);`id`|id'");

        (result.Succeeded, result.Command).ShouldBe((true, "aws ec2 describe-instances --filters Name=tag:Name,Values=$(id);`id`|id"));
        (await desk.MatchAsync("aws iam list-users --endpoint-url http://127.0.0.1:1")).Kind.ShouldBe(MatchKind.Incomplete);
        (await desk.MatchAsync("aws iam get-user --user-name file:///etc/passwd")).Kind.ShouldBe(MatchKind.Incomplete);
    }

    /// <summary>The program has no variable for the address of its cloud; the words that the operator adds have it.</summary>
    Task UseAsync(Func<Provider, Provider> change)
    {
        var provider = change(ProviderTable.BuiltIn.Find("aws")!);
        return desk.PutAsync(provider with { Cli = provider.Cli! with { Trailing = [.. provider.Cli.Trailing, "--endpoint-url", aws.Url] } });
    }
}
