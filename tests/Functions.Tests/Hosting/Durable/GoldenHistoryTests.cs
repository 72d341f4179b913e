using System.Diagnostics;
using Google.Protobuf;
using Watchdesk.Hosting.Durable;
using Watchdesk.Hosting.Durable.Wire;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Hosting.Durable;

/// <summary>History in, actions out: bytes that were made without our encoder (Samples/durable), every item of the contract's 11.8.</summary>
[Trait("Demand", "S3-9")]
public sealed class GoldenHistoryTests
{
    const string Folder = "tests/Functions.Tests/Samples/durable";

    public static TheoryData<string> Samples => [.. Repository.Files(Folder, "*.turn.hex").Select(file => Path.GetFileName(file).Replace(".turn.hex", "", StringComparison.Ordinal))];

    public static TheoryData<string> HexFiles => [.. Repository.Files(Folder, "*.hex").Select(file => Path.GetFileName(file)!)];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_turn_is_answered_byte_for_byte(string sample)
    {
        var answer = new Replay(OrchestratorRequest.Parser.ParseFrom(Bytes(sample + ".turn.hex")), GoldenOrchestrations.Of(sample)).Run();
        var expected = Bytes(sample + ".answer.hex");

        if (!answer.ToByteArray().AsSpan().SequenceEqual(expected))
        {
            answer.ToString().ShouldBe(OrchestratorResponse.Parser.ParseFrom(expected).ToString());
        }

        answer.ToByteArray().ShouldBe(expected);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_turn_that_is_sent_again_is_answered_alike(string sample)
    {
        var turn = OrchestratorRequest.Parser.ParseFrom(Bytes(sample + ".turn.hex"));

        new Replay(turn, GoldenOrchestrations.Of(sample)).Run().ShouldBe(new Replay(turn, GoldenOrchestrations.Of(sample)).Run());
    }

    /// <summary>The text beside a hex file is what protoc makes of it with a second description of the wire.</summary>
    [Theory]
    [MemberData(nameof(HexFiles))]
    public async Task Text_and_bytes_of_a_sample_say_the_same(string hex)
    {
        var type = hex.EndsWith(".turn.hex", StringComparison.Ordinal) ? "sample.Turn" : "sample.Answer";
        using var protoc = Process.Start(new ProcessStartInfo(Protoc(), [$"-I{Repository.At(Folder)}", $"--decode={type}", "second.proto"]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        await protoc.StandardInput.BaseStream.WriteAsync(Bytes(hex));
        protoc.StandardInput.Close();

        (await protoc.StandardOutput.ReadToEndAsync()).ShouldBe(Repository.Read($"{Folder}/{Path.ChangeExtension(hex, ".txt")}"));
    }

    [Fact]
    public void Every_item_of_the_contract_has_its_sample()
    {
        string[] items = ["retry-", "fan-out", "fan-in", "approval-by-event", "approval-by-timer", "suspended-", "resumed-", "terminated-while-suspended", "continues-with-events", "child-failed-without-details", "non-deterministic", "no-actions", "status-kept", "status-cleared", "inner-failures", "split-by-the-host"];
        var samples = Repository.Files(Folder, "*.turn.hex").Select(file => Path.GetFileName(file)!).ToList();

        items.Where(item => !samples.Exists(sample => sample.StartsWith(item, StringComparison.Ordinal))).ShouldBeEmpty();
    }

    static byte[] Bytes(string file) => Convert.FromHexString(Repository.Read($"{Folder}/{file}").Replace("\n", "", StringComparison.Ordinal));

    /// <summary>Of the package that compiles messages.proto.</summary>
    static string Protoc()
    {
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var system = OperatingSystem.IsWindows() ? "windows_x64" : OperatingSystem.IsMacOS() ? "macosx_universal" : System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "linux_arm64" : "linux_x64";
        return Directory.EnumerateDirectories(Path.Combine(packages, "grpc.tools")).Select(version => Path.Combine(version, "tools", system, OperatingSystem.IsWindows() ? "protoc.exe" : "protoc")).Last(File.Exists);
    }
}
