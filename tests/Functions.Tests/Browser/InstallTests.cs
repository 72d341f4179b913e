using System.Diagnostics;
using System.Text.Json;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Browser;

/// <summary>The desk as an app: a browser would install it, and its worker shows what is pushed.</summary>
public sealed class InstallTests(BrowserDesk desk) : IClassFixture<BrowserDesk>
{
    const string IsShown = """
        navigator.serviceWorker.ready.then((worker) => worker.getNotifications())
          .then((shown) => shown.some(({ title, body }) => title === "Yours now: Nightly backup" && body === "It has not ended."))
        """;

    readonly List<string> _complaints = [];

    [Fact]
    [Trait("Size", "Large")]
    public async Task It_can_be_installed_and_shows_what_is_pushed()
    {
        var page = await desk.SignedInAsync("admin", DeskProcess.Password, complaints: _complaints);
        await page.Context.GrantPermissionsAsync(["notifications"]);
        await page.GotoAsync("/notices");
        var tools = await page.Context.NewCDPSessionAsync(page);
        (await tools.SendAsync("Page.getAppManifest"))!.Value.GetProperty("errors").GetArrayLength().ShouldBe(0);
        var hindrances = (await tools.SendAsync("Page.getInstallabilityErrors"))!.Value.GetProperty("installabilityErrors").EnumerateArray().Select(error => error.GetProperty("errorId").GetString());
        hindrances.Except(["in-incognito"]).ShouldBeEmpty("each context of a test is a private window, which installs nothing");

        var worker = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        tools.Event("ServiceWorker.workerRegistrationUpdated").OnEvent += (_, found) =>
        {
            foreach (var registration in found!.Value.GetProperty("registrations").EnumerateArray())
            {
                worker.TrySetResult(registration.GetProperty("registrationId").GetString()!);
            }
        };
        await tools.SendAsync("ServiceWorker.enable");
        await page.EvaluateAsync("navigator.serviceWorker.register('/assets/sw.js', { scope: '/' }).then(() => navigator.serviceWorker.ready).then(() => true)");
        await tools.SendAsync("ServiceWorker.deliverPushMessage", new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["origin"] = new Uri(page.Url).GetLeftPart(UriPartial.Authority),
            ["registrationId"] = await worker.Task.WaitAsync(TimeSpan.FromSeconds(30)),
            ["data"] = JsonSerializer.Serialize(new { title = "Yours now: Nightly backup", body = "It has not ended.", url = "/incidents", tag = "i1" }),
        });

        for (var clock = Stopwatch.StartNew(); !await page.EvaluateAsync<bool>(IsShown); await Task.Delay(200))
        {
            clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
        }

        _complaints.ShouldBeEmpty();
    }
}
