using System.Diagnostics;
using Watchdesk.Operations.Providers;
using Watchdesk.Operations.Runners;

namespace Watchdesk.Tests.Operations.Runners;

/// <summary>Programs that mean ill, as scripts in a folder of programs of their own.</summary>
[Trait("Size", "Large")]
[Trait("Demand", "S3-5")]
public sealed class LocalProgramTests : IDisposable
{
    const string Secret = "s3cr3t-of-the-tenant";

    readonly string folder = Directory.CreateTempSubdirectory("watchdesk-test-").FullName;

    LocalProgram Sut => new(Path.Combine(folder, "data"), TimeProvider.System, [folder, "/usr/bin", "/bin"]);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("; rm -rf /")]
    [InlineData("$(touch escaped)")]
    [InlineData("`touch escaped`")]
    [InlineData("| touch escaped")]
    [InlineData("&& touch escaped")]
    [InlineData("> escaped")]
    [InlineData("line\nbreak")]
    [InlineData("$HOME %PATH% \\ \" '")]
    [InlineData("*")]
    public async Task Signs_of_a_shell_are_letters(string word)
    {
        Write("say", "#!/bin/sh\nprintf '%s|' \"$@\"\nls -A");

        var ran = await RunAsync("say", ["a", word]);

        ran.Output.ShouldBe($"a|{word}|");
        ran.ExitStatus.ShouldBe(0);
    }

    [Fact]
    public async Task It_sees_nothing_of_the_desk_and_a_home_that_goes()
    {
        Write("look", "#!/bin/sh\nenv | sort\npwd\nls -la .conf/key | cut -c1-10\ncat .conf/key\ncat");
        Environment.SetEnvironmentVariable("WATCHDESK_TEST_OF_ENVIRONMENT", "seen");

        var (call, ran) = await CallAsync("look", []);

        var lines = ran.Output.Split('\n');
        lines.Where(line => line.Contains('=')).Select(line => line.Split('=')[0]).Except(["PWD", "OLDPWD", "SHLVL", "_"]).ShouldBe(["HOME", "LANG", "PATH", "TOKEN", "WATCHDESK_RUN"]);
        lines.ShouldContain($"HOME={call.Home}");
        lines.ShouldContain(call.Home);
        ran.Output.ShouldContain($"TOKEN={Secret}");
        ran.Output.ShouldContain($"key of {Secret}");
        Directory.Exists(call.Home).ShouldBeFalse();
    }

    [Fact]
    public async Task One_that_hangs_and_does_not_listen_is_ended()
    {
        Write("hang", "#!/bin/sh\ntrap '' TERM INT HUP\necho begun\nwhile true; do sleep 100; done");

        var ran = await RunAsync("hang", [], TimeSpan.FromMilliseconds(500));

        ran.ExitStatus.ShouldBeNull();
        ran.Output.ShouldBe("begun\n");
        ran.Problem!.ShouldContain("did not end within");
    }

    [Fact]
    public async Task What_it_leaves_behind_is_ended_too()
    {
        Write("fork", "#!/bin/sh\nsetsid sh -c 'echo $$; exec sleep 1000' &\n(setsid sleep 1001 </dev/null >/dev/null 2>&1 &)\nsleep 0.3\necho done");

        var ran = await RunAsync("fork", []);

        ran.ExitStatus.ShouldBe(0);
        ran.Output.ShouldContain("done");
        Processes().ShouldNotContain(line => line.Contains("sleep 1000", StringComparison.Ordinal) || line.Contains("sleep 1001", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Much_output_is_cut_and_endless_output_ends_the_program()
    {
        Write("much", "#!/bin/sh\necho first\nseq 100000\necho last");
        Write("endless", "#!/bin/sh\nexec yes");

        var much = Masking.Clean((await RunAsync("much", [])).Output, []);
        var endless = await RunAsync("endless", []);

        much.Length.ShouldBeLessThanOrEqualTo(StepResult.MaxOutput);
        much.ShouldStartWith("first\n1\n2\n");
        much.ShouldEndWith("100000\nlast\n");
        much.ShouldContain("cut here");
        endless.Problem!.ShouldContain("wrote more than 16 MiB");
        endless.Output.Length.ShouldBeLessThan(StepResult.MaxOutput * 3);
    }

    [Fact]
    public async Task What_an_earlier_desk_left_is_ended_and_deleted()
    {
        var left = Directory.CreateDirectory(Path.Combine(folder, "data", "runs", "left")).FullName;
        File.WriteAllText(Path.Combine(left, "key"), Secret);
        using var orphan = Process.Start(new ProcessStartInfo("sleep", ["1002"]) { Environment = { ["WATCHDESK_RUN"] = left } })!;
        Write("say", "#!/bin/sh\necho $1");

        (await RunAsync("say", ["hello"])).Output.ShouldBe("hello\n");

        await orphan.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Directory.Exists(left).ShouldBeFalse();
    }

    [Fact]
    public async Task A_program_that_cannot_be_started_is_named()
    {
        Write("broken", "#!/no/such/interpreter");

        (await RunAsync("broken", [])).Problem!.ShouldContain("broken could not be started");
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        (await RunAsync("no-such-program", [])).Problem!.ShouldContain("no-such-program is not on this machine");
    }

    [Fact]
    public async Task A_sign_in_that_fails_is_the_end()
    {
        Write("cloud", "#!/bin/sh\nif [ \"$1\" = login ]; then echo no such application >&2; exit 3; fi\necho ran");

        var ran = await RunAsync("cloud", ["list"], before: [["login", "{token}"]]);

        (ran.ExitStatus, ran.Output).ShouldBe((3, "no such application\n"));
        ran.Problem!.ShouldContain("sign-in failed");
    }

    async Task<ProgramResult> RunAsync(string program, string[] words, TimeSpan? limit = null, IReadOnlyList<IReadOnlyList<string>>? before = null) => (await CallAsync(program, words, limit, before)).Ran;

    async Task<(ProgramCall Call, ProgramResult Ran)> CallAsync(string program, string[] words, TimeSpan? limit = null, IReadOnlyList<IReadOnlyList<string>>? before = null)
    {
        var provider = new Provider("test", "Test", RunnerKind.Cli)
        {
            Credentials = [new Credential("token", "TOKEN")],
            Cli = new Cli(program) { Files = program == "look" ? new Dictionary<string, string> { [".conf/key"] = "key of {token}\n" } : new Dictionary<string, string>(), Before = before ?? [] },
        };
        var step = new Step("main", "test", null, new Dictionary<string, string>(), words, false, true, "k1", false);
        var sut = Sut;
        var call = ProgramCall.Of(new StepRun(step, provider, null, new Dictionary<string, string> { ["token"] = Secret }), words, sut.NewHome());
        return (call, await sut.RunAsync(call, limit ?? TimeSpan.FromSeconds(30), _ => Task.FromResult<string?>(null), default));
    }

    void Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    static IEnumerable<string> Processes() => Process.GetProcesses().Select(process =>
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    });
}
