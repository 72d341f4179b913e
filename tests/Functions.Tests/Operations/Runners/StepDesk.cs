using System.Globalization;
using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Notices;
using Watchdesk.Operations.Providers;
using Watchdesk.Operations.Runners;
using Watchdesk.Tests.Hosting.Durable;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Operations.Runners;

/// <summary>The desk with the embedded engine, the runners, and Azure and webhooks played.</summary>
sealed class StepDesk : IAsyncDisposable
{
    int steps;

    StepDesk(EngineDesk engine, string folder) => (Engine, Programs) = (engine, folder);

    public EngineDesk Engine { get; }

    public FakeHttp Azure { get; private init; } = null!;

    public FakeHttp Web { get; private init; } = null!;

    public IReadOnlyList<ServicePrincipal?> Callers { get; private init; } = [];

    /// <summary>Where programs of a test lie.</summary>
    public string Programs { get; }

    /// <param name="isLocal">Programs are processes of this machine, as in the embedded desk; else containers.</param>
    public static async Task<StepDesk> StartAsync(bool isLocal = true)
    {
        var (azure, web, callers) = (new FakeHttp(), new FakeHttp(), new List<ServicePrincipal?>());
        var folder = Directory.CreateTempSubdirectory("watchdesk-test-").FullName;
        var engine = await EngineDesk.StartAsync(adjust: builder =>
        {
            builder.Services.AddSingleton(new ResourceManagerClient(
                caller =>
                {
                    callers.Add(caller);
                    return new Token();
                },
                new HttpClientTransport(new HttpClient(azure)),
                TimeSpan.FromTicks(1)));
            builder.Services.AddSingleton(new OutgoingHttp(web, isEmbedded: false));
            builder.Services.AddSingleton(new DeskOptions { PublicUrl = "https://desk.example.org", RunnerGroup = "/subscriptions/s/resourceGroups/runners" });
            builder.Services.AddSingleton(provider =>
            {
                var containers = provider.GetRequiredService<ContainerProgram>();
                return isLocal ? new CliRunner(containers, new LocalProgram(folder, TimeProvider.System, [folder, "/usr/bin", "/bin"]), new Claims(folder, TimeProvider.System), provider.GetRequiredService<CancelledBy>()) : new CliRunner(containers, null, null, null);
            });
        });
        return new StepDesk(engine, folder) { Azure = azure, Web = web, Callers = callers };
    }

    public Task EnterAsync(string provider, Dictionary<string, string> credentials, string tenant = "main") => EnterAsync(ProviderTable.BuiltIn.Find(provider)!, credentials, tenant);

    public async Task EnterAsync(Provider provider, Dictionary<string, string> credentials, string tenant = "main") =>
        await Engine.App.Services.GetRequiredService<ProviderVault>().PutAsync(tenant, provider, credentials.ToDictionary(value => value.Key, value => (string?)value.Value), default);

    public Task PutAsync(Provider provider) => Engine.App.Services.GetRequiredService<ProviderStore>().PutAsync("main", ProviderRules.Checked(provider), default);

    public async Task<Match> MatchAsync(string text) => (await Engine.App.Services.GetRequiredService<ProviderStore>().ReadAsync("main", default)).Match(text);

    /// <summary>Runs what the sentence asks for to its end.</summary>
    public async Task<StepResult> RunAsync(string text, bool dryRun = false)
    {
        var match = await MatchAsync(text);
        match.IsRunnable.ShouldBeTrue($"{match.Kind}: {string.Join(' ', match.Problems)}");
        return await RunAsync(match.ToStep("main", $"key-{steps}", dryRun));
    }

    public async Task<StepResult> RunAsync(Step step, int rounds = 100)
    {
        var id = await StartStepAsync(step);
        for (var round = 0; round < rounds; round++)
        {
            if (await ResultAsync(id) is { } result)
            {
                return result;
            }

            await Engine.AdvanceAsync(TimeSpan.FromSeconds(10));
        }

        throw new InvalidOperationException("The step does not end.");
    }

    public async Task<string> StartStepAsync(Step step)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"main:step-{steps++}");
        await Engine.Client.StartAsync(id, RunStep.Function, step, default);
        await Engine.SettleAsync();
        return id;
    }

    public async Task<StepResult?> ResultAsync(string id)
    {
        var instance = await Engine.InstanceAsync(id);
        return instance.IsFinished ? JsonSerializer.Deserialize(instance.Output.ShouldNotBeNull(), RunnersJson.Default.StepResult) : null;
    }

    public void Write(string program, string script)
    {
        var path = Path.Combine(Programs, program);
        File.WriteAllText(path, script);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        Directory.Delete(Programs, recursive: true);
    }

    sealed class Token : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new("token-of-azure", DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
    }
}
