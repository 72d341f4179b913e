using Watchdesk.Hosting.Embedded;

namespace Watchdesk.Tests.Hosting;

public sealed class OtherProcessTests
{
    [Fact]
    public void A_program_that_is_not_installed_is_null_and_the_advice_says_what_to_do()
    {
        OtherProcess.Start("no-such-program-of-ours", []).ShouldBeNull();
        AzuriteInstall.NodeMissing().Message.ShouldContain("apt-get install nodejs npm");
        AzuriteInstall.NodeMissing().Message.ShouldContain("AzureWebJobsStorage");
    }

    [Fact]
    public void A_process_is_known_by_its_command_line_while_it_runs()
    {
        OtherProcess.CommandLine(Environment.ProcessId).ShouldContain("testhost");
        OtherProcess.CommandLine(int.MaxValue).ShouldBeEmpty();
    }

    [Fact]
    public void The_lock_file_names_no_package_host_and_the_version_that_the_folder_is_named_after()
    {
        var text = File.ReadAllText(Path.Combine(AzuriteInstall.Files, "package-lock.json"));
        text.ShouldNotContain("\"resolved\"");
        text.ShouldContain("\"azurite\": \"3.37.0\"");
        File.ReadAllText(Path.Combine(AzuriteInstall.Files, ".npmrc")).ShouldContain("omit-lockfile-registry-resolved=true");
    }
}
