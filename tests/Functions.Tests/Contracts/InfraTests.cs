using System.Text.RegularExpressions;
using Watchdesk.Clients;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Contracts;

/// <summary>What a Bicep compiler would say first, since none can be had here.</summary>
public sealed partial class InfraTests
{
    static readonly string Main = Repository.Read("infra/main.bicep");

    public static TheoryData<string> BicepFiles => [.. Repository.Files("infra", "*.bicep")];

    [Theory]
    [MemberData(nameof(BicepFiles))]
    public void Brackets_and_quotes_are_closed(string file)
    {
        var open = new Stack<char>();
        foreach (var c in QuotedText().Replace(Comment().Replace(Repository.Read(file), ""), "''").Where(c => "{}[]()".Contains(c, StringComparison.Ordinal)))
        {
            if ("{[(".Contains(c, StringComparison.Ordinal))
            {
                open.Push(c);
                continue;
            }

            open.TryPop(out var opened).ShouldBeTrue(file);
            $"{opened}{c}".ShouldBeOneOf("{}", "[]", "()");
        }

        open.ShouldBeEmpty(file);
    }

    [Fact]
    public void Every_module_file_is_used_once() =>
        Modules().Select(module => module.File).Order(StringComparer.Ordinal)
            .ShouldBe(Repository.Files("infra/modules", "*.bicep"));

    [Fact]
    public void A_module_gets_the_parameters_that_it_declares()
    {
        foreach (var (file, body) in Modules())
        {
            var given = Between(body, "params: {", "\n  }").Split('\n').Select(line => Key().Match(line)).Where(match => match.Success)
                .Select(match => match.Groups["name"].Value);
            var declared = Parameter().Matches(Repository.Read(file)).Select(match => match.Groups["name"].Value);

            given.ShouldBe(declared, ignoreOrder: true, file);
        }
    }

    [Fact]
    public void A_module_output_that_is_read_exists()
    {
        foreach (Match read in OutputRead().Matches(Main))
        {
            var module = Modules().Single(x => x.Body.StartsWith($"module {read.Groups["module"].Value} ", StringComparison.Ordinal));

            Repository.Read(module.File).ShouldContain($"\noutput {read.Groups["output"].Value} ");
        }
    }

    [Fact]
    public void Deployment_parameters_are_those_of_main()
    {
        var given = ParameterValue().Matches(Repository.Read("infra/main.parameters.json")).Select(match => match.Groups["name"].Value);
        var declared = Parameter().Matches(Main).Select(match => match.Groups["name"].Value).ToList();

        given.Except(declared).ShouldBeEmpty();
        declared.ShouldContain("environmentName");
    }

    [Fact]
    public void Every_queue_that_a_function_listens_to_is_made()
    {
        var made = QueueItem().Matches(Between(Repository.Read("infra/modules/servicebus.bicep"), "var queues = [", "]")).Select(match => match.Groups["name"].Value);
        var listened = Repository.Files("functions", "*.function.json").SelectMany(file => QueueName().Matches(Repository.Read(file))).Select(match => match.Groups["name"].Value).ToList();

        listened.ShouldNotBeEmpty();
        listened.Except(made).ShouldBeEmpty();
    }

    [Fact]
    public void Names_that_the_code_looks_for_are_those_that_infra_gives()
    {
        Repository.Read("infra/modules/keyvault.bicep").ShouldContain($"name: '{VaultKey.Name}'");
        Repository.Read("infra/modules/storage.bicep").ShouldContain($"'{EventLog.Container}/'");
    }

    [Fact]
    public void Names_in_a_file_are_declared_in_it()
    {
        foreach (var file in Repository.Files("infra", "*.bicep"))
        {
            var text = Comment().Replace(Repository.Read(file), "");
            var declared = Declaration().Matches(text).Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
            var used = Interpolation().Matches(text).Select(match => match.Groups["name"].Value)
                .Where(name => name is not ("environment" or "subscription"));

            used.Where(name => !declared.Contains(name)).ShouldBeEmpty(file);
        }
    }

    static IEnumerable<(string File, string Body)> Modules() =>
        Module().Matches(Main).Select(match => ($"infra/{match.Groups["file"].Value}", match.Value));

    static string Between(string text, string from, string to)
    {
        var start = text.IndexOf(from, StringComparison.Ordinal) + from.Length;
        return text[start..text.IndexOf(to, start, StringComparison.Ordinal)];
    }

    [GeneratedRegex(@"//[^\n']*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex("'[^'\n]*'")]
    private static partial Regex QuotedText();

    [GeneratedRegex(@"^module \w+ '(?<file>[\w/.]+)'.*?^}", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Module();

    [GeneratedRegex(@"^    (?<name>\w+): ")]
    private static partial Regex Key();

    [GeneratedRegex(@"^param (?<name>\w+) ", RegexOptions.Multiline)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^(param|var|resource|module) (?<name>\w+) |\[for (?<name>\w+) in", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\$\{(?<name>\w+)")]
    private static partial Regex Interpolation();

    [GeneratedRegex(@"\b(?<module>\w+)\.outputs\.(?<output>\w+)")]
    private static partial Regex OutputRead();

    [GeneratedRegex("'(?<name>[a-z-]+)'")]
    private static partial Regex QueueItem();

    [GeneratedRegex("\"queueName\": \"(?<name>[^\"]+)\"")]
    private static partial Regex QueueName();

    [GeneratedRegex("^    \"(?<name>\\w+)\": \\{", RegexOptions.Multiline)]
    private static partial Regex ParameterValue();
}
