using System.Net;
using Watchdesk.Hosting;

namespace Watchdesk.Tests.Hosting;

public class CommandLineTests
{
    [Fact]
    public void Every_switch_is_read()
    {
        var line = CommandLine.Parse(["--port", "9000", "--data=/tmp/d", "--admin-password", "long enough", "--demo", "--listen", "0.0.0.0"], []);
        line.ShouldBe(new CommandLine { Port = 9000, DataFolder = "/tmp/d", AdminPassword = "long enough", IsDemo = true, Listen = IPAddress.Any, VerbArguments = line.VerbArguments });
    }

    [Theory]
    [InlineData("--colour",              "--colour")]
    [InlineData("fast",                  "fast")]
    [InlineData("--port",                "--port")]
    [InlineData("--port 0",              "--port")]
    [InlineData("--port 70000",          "--port")]
    [InlineData("--port --demo",         "--port")]
    [InlineData("--demo=yes",            "--demo")]
    [InlineData("--listen example.org",  "--listen")]
    [InlineData("--admin-password short", "--admin-password")]
    public void Mistake_is_named(string args, string named) =>
        Should.Throw<CommandLineException>(() => CommandLine.Parse(args.Split(' '), [])).Message.ShouldContain(named);

    [Fact]
    public void Verb_keeps_its_own_arguments()
    {
        var line = CommandLine.Parse(["run", "--job", "nightly", "--", "true", "--demo"], ["run"]);
        line.Verb.ShouldBe("run");
        line.VerbArguments.ShouldBe(["--job", "nightly", "--", "true", "--demo"]);
    }

    [Theory]
    [InlineData("--port")]
    [InlineData("--data")]
    [InlineData("--admin-password")]
    [InlineData("--demo")]
    [InlineData("--listen")]
    [InlineData("--help")]
    public void Help_lists_every_switch(string name) => CommandLine.Help.ShouldContain(name + " ");

    [Fact]
    public void Port_of_the_functions_host_alone_makes_a_handler()
    {
        var handler = DeskStart.Read(new CommandLine(), name => name == "FUNCTIONS_CUSTOMHANDLER_PORT" ? "7071" : null);
        (handler.IsHandler, handler.Port, handler.Address).ShouldBe((true, 7071, IPAddress.Loopback));
        DeskStart.Read(new CommandLine(), _ => null).IsHandler.ShouldBeFalse();
    }

    [Fact]
    public void Handler_listens_on_loopback_whatever_the_command_line_says() =>
        DeskStart.Read(new CommandLine { Listen = IPAddress.Any }, name => name == "FUNCTIONS_CUSTOMHANDLER_PORT" ? "7071" : null).Address.ShouldBe(IPAddress.Loopback);

    [Fact]
    public void Taken_port_is_refused_when_asked_for()
    {
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        Should.Throw<CommandLineException>(() => DeskStart.Read(new CommandLine { Port = port }, _ => null)).Message.ShouldContain(port.ToString());
    }
}
