using Quartz;
using SampleScheduler;
using Watchdesk.Client;
using Watchdesk.Client.Quartz4;

SampleArguments arguments;
try
{
    arguments = SampleArguments.Parse(args, Environment.GetEnvironmentVariable);
}
catch (FormatException error)
{
    Console.Error.WriteLine($"{error.Message} Try --help.");
    return 2;
}

if (arguments.WantsHelp)
{
    Console.WriteLine(SampleArguments.Help);
    return 0;
}

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Quartz", LogLevel.Warning);
builder.WebHost.UseUrls($"http://127.0.0.1:{arguments.Port}");
builder.Services.AddSingleton(TimeProvider.System).AddSingleton(new JobControls(arguments.Jobs));
builder.Services.AddQuartz(quartz =>
{
    quartz.UseInMemoryStore(store => store.MisfireThreshold = SampleJob.MisfireThreshold);
    foreach (var job in arguments.Jobs)
    {
        quartz.ScheduleJob<SampleJob>(
            trigger => trigger.WithIdentity(job.Name).StartNow().WithSimpleSchedule(job.Every),
            detail => detail.WithIdentity(job.Name));
    }
});
builder.Services.AddQuartzHostedService(host => host.WaitForJobsToComplete = false);
if (arguments.Url is { Length: > 0 } url)
{
    builder.Services.AddSingleton(services => new HeartbeatClient(
        new HeartbeatOptions { Url = url, Key = arguments.Key! }, services.GetRequiredService<ILogger<HeartbeatClient>>()));
}

if (arguments.MailPort is { } mailPort)
{
    builder.Services.AddSingleton(services => new MailCatcher(mailPort, services.GetRequiredService<TimeProvider>()));
    builder.Services.AddHostedService(services => services.GetRequiredService<MailCatcher>());
}

await using var app = builder.Build();
app.MapJobs();
app.MapGet("/mails", (IServiceProvider services) => services.GetService<MailCatcher>()?.Mails ?? []);
app.Lifetime.NotifySystemd();
if (app.Services.GetService<HeartbeatClient>() is { } client)
{
    (await app.Services.GetRequiredService<ISchedulerFactory>().GetScheduler()).AddWatchdesk4(client);
}

app.Lifetime.ApplicationStarted.Register(() =>
{
    var mail = app.Services.GetService<MailCatcher>() is { } catcher ? $", mail catcher at 127.0.0.1:{catcher.Port}" : "";
    Console.WriteLine($"Sample scheduler is ready at {app.Urls.First()}{mail}, with {string.Join(", ", arguments.Jobs.Select(job => $"{job.Name} every {job.Every.TotalSeconds} s"))}.");
});
if (arguments.EndsWithInput)
{
    _ = Task.Run(async () =>
    {
        while (await Console.In.ReadLineAsync() is not null)
        {
        }

        app.Lifetime.StopApplication();
    });
}

await app.RunAsync();
return 0;
