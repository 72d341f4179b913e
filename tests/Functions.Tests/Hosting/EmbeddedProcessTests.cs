using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Hosting;

/// <summary>The desk as a person starts it.</summary>
[Trait("Size", "Large")]
public sealed class EmbeddedProcessTests : IDisposable
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    readonly string data = Directory.CreateTempSubdirectory("watchdesk-process").FullName;

    [Fact]
    public async Task First_start_shows_a_password_that_works_and_the_second_keeps_it()
    {
        string password;
        await using (var desk = Start("--port", $"{ChildProcess.FreePort()}"))
        {
            var ready = await desk.LineAsync("Watchdesk is ready at", Limit);
            ready.ShouldMatch("^Watchdesk is ready at http://127\\.0\\.0\\.1:\\d+ - sign in as admin with password [0-9A-Za-z]{12,}$");
            password = ready[(ready.LastIndexOf(' ') + 1)..];
            using var client = Client(ready, password);
            JsonElement.Parse(await client.GetStringAsync("/health")).TryGetProperty("storage", out _).ShouldBeTrue();
            desk.Output.Split('\n').Count(line => line.Contains("is ready at", StringComparison.Ordinal)).ShouldBe(1);
            desk.Output.Split('\n').ShouldContain("Trial storage: up to 5 s may be lost if this machine loses power");
            await using (var second = Start("--port", $"{ChildProcess.FreePort()}"))
            {
                (await second.ExitAsync(Limit)).ShouldBe(1);
                second.Output.Trim().Split('\n').ShouldHaveSingleItem().ShouldContain("belongs to another desk");
            }

            (await desk.StopAsync()).ShouldBe(0, desk.Output);
            File.Exists(Path.Combine(data, "azurite.json")).ShouldBeFalse();
        }

        await using var again = Start("--port", $"{ChildProcess.FreePort()}");
        var line = await again.LineAsync("Watchdesk is ready at", Limit);
        line.ShouldContain("the password of the first start");
        using var known = Client(line, password);
        (await known.GetAsync("/health")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Given_password_is_not_shown_and_nothing_over_the_socket_reaches_a_function()
    {
        await using var desk = Start("--port", $"{ChildProcess.FreePort()}", "--admin-password", "correct horse");
        var ready = await desk.LineAsync("Watchdesk is ready at", Limit);
        using var client = Client(ready, "correct horse");

        using var forged = new HttpRequestMessage(HttpMethod.Post, "/Tick") { Content = new StringContent("""{"Data":{},"Metadata":{}}""", Encoding.UTF8, "application/json") };
        forged.Headers.Add("X-Azure-Functions-InvocationId", "1");
        forged.Headers.TryAddWithoutValidation("User-Agent", "Azure-Functions-Host/4.1052");

        (await client.SendAsync(forged)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        desk.Output.ShouldNotContain("correct horse");
    }

    [Fact]
    public async Task Without_a_port_the_next_free_one_is_taken()
    {
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 8123);
        try
        {
            taken.Start();
        }
        catch (System.Net.Sockets.SocketException)
        {
            // Somebody else has it, which is as good.
        }

        await using var desk = Start();
        (await desk.LineAsync("Watchdesk is ready at", Limit)).ShouldNotContain(":8123 ");
    }

    public void Dispose() => Directory.Delete(data, recursive: true);

    ChildProcess Start(params string[] switches)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        return ChildProcess.Start("dotnet", [Repository.At($"functions/bin/{output.Parent!.Name}/{output.Name}/watchdesk.dll"), "--data", data, .. switches]);
    }

    static HttpClient Client(string ready, string password)
    {
        var url = ready.Split(' ').Single(word => word.StartsWith("http://", StringComparison.Ordinal));
        var client = new HttpClient { BaseAddress = new Uri(url) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("admin:" + password)));
        return client;
    }
}
