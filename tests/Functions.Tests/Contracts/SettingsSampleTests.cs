using System.Text.Json;
using System.Text.RegularExpressions;
using Watchdesk.Hosting;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Contracts;

/// <summary>The sample, the code and the infrastructure name the same settings.</summary>
public sealed partial class SettingsSampleTests
{
    /// <summary>Set by the platform, the Functions host or the shell, or where a job runs; nobody configures them for the desk.</summary>
    static readonly string[] FromOutside =
        ["FUNCTIONS_CUSTOMHANDLER_PORT", "FUNCTIONS_APP_ROOT_PATH", "WEBSITE_AUTH_ENABLED", "XDG_CACHE_HOME", "WATCHDESK_URL", "WATCHDESK_KEY", "DOTNET_HOST_PATH"];

    /// <summary>Say to the host and to Azure.Identity which identity to use; they belong to the settings that they accompany.</summary>
    static readonly string[] IdentityOfTheHost =
        ["AzureWebJobsStorage__credential", "AzureWebJobsStorage__clientId", "ServiceBus__credential", "ServiceBus__clientId", "AZURE_CLIENT_ID"];

    /// <summary>Mean something only where there is no Functions host or no managed identity.</summary>
    static readonly string[] NotInAzure = ["AzureWebJobsStorage", "ServiceBus", "Watchdesk__DataFolder"];

    [Fact]
    public void The_sample_names_what_the_code_reads() =>
        Sample().Keys.ShouldBe(ReadByTheCode(), ignoreOrder: true);

    [Fact]
    public void Infra_sets_every_setting_that_means_something_in_Azure() =>
        SetByInfra().Except(IdentityOfTheHost).ShouldBe(Sample().Keys.Except(NotInAzure), ignoreOrder: true);

    [Fact]
    public void Values_of_the_sample_are_harmless()
    {
        foreach (var (name, value) in Sample())
        {
            value.ShouldNotContain("Key=", Case.Insensitive, name);
            value.ShouldNotContain("Secret", Case.Insensitive, name);
        }
    }

    [Fact]
    public void Local_settings_are_never_published()
    {
        Repository.Read(".gitignore").Split('\n').ShouldContain("local.settings.json");
        Repository.Read("functions/Functions.csproj").ShouldContain("Link=\"local.settings.json\" CopyToOutputDirectory=\"PreserveNewest\" CopyToPublishDirectory=\"Never\"");
    }

    static Dictionary<string, string> Sample()
    {
        using var sample = JsonDocument.Parse(Repository.Read("local.settings.sample.json"));
        return sample.RootElement.GetProperty("Values").EnumerateObject()
            .ToDictionary(value => value.Name, value => value.Value.GetString()!, StringComparer.Ordinal);
    }

    static IEnumerable<string> ReadByTheCode()
    {
        var options = typeof(DeskOptions).GetProperties().Select(property => $"Watchdesk__{property.Name}");
        var direct = Repository.Files("functions", "*.cs").Where(file => !file.StartsWith("functions/Client/", StringComparison.Ordinal))
            .SelectMany(file => Reading().Matches(Repository.Read(file))).Select(match => match.Groups["name"].Value.Replace(":", "__", StringComparison.Ordinal));
        var bindings = Repository.Files("functions", "*.function.json").Append("functions/host.json").Select(Repository.Read);
        var placeholders = bindings.SelectMany(text => Placeholder().Matches(text)).Select(match => match.Groups["name"].Value);
        return options.Concat(direct).Concat(placeholders).Except(FromOutside).Distinct();
    }

    static IEnumerable<string> SetByInfra() =>
        InfraSetting().Matches(Repository.Read("infra/modules/functionapp.bicep")).Select(match => match.Groups["name"].Value).Distinct();

    [GeneratedRegex("""(onfiguration\[|\benvironment\(|EnvironmentVariable\(|\bSetting\()"(?<name>[A-Za-z_:]+)"[\])]""", RegexOptions.ExplicitCapture)]
    private static partial Regex Reading();

    [GeneratedRegex("%(?<name>[A-Za-z_]+)%")]
    private static partial Regex Placeholder();

    [GeneratedRegex("^  (?<name>[A-Z][A-Za-z_]+): ", RegexOptions.Multiline)]
    private static partial Regex InfraSetting();
}
