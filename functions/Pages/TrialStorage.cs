using Watchdesk.Hosting;

namespace Watchdesk.Pages;

/// <summary>Whether state lives in the emulator that the embedded host runs.</summary>
static class TrialStorage
{
    public const string Sentence = "Trial storage: up to 5 s may be lost if this machine loses power.";

    public static bool IsUsed(IServiceProvider services)
    {
        var storage = services.GetRequiredService<IConfiguration>()["AzureWebJobsStorage"];
        return !services.GetRequiredService<DeskStart>().IsHandler
            && (string.IsNullOrEmpty(storage) || storage.Contains("UseDevelopmentStorage=true", StringComparison.OrdinalIgnoreCase));
    }
}
