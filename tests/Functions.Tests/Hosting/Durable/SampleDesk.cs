using System.Net;
using Watchdesk.Hosting;
using Watchdesk.Hosting.Durable;

namespace Watchdesk.Tests.Hosting.Durable;

/// <summary>The desk with the sample orchestrations, as a process of its own: embedded, or a handler when the host's port is given.</summary>
public static class SampleDesk
{
    public const string EffectsVariable = "SAMPLE_EFFECTS";

    static readonly SemaphoreSlim oneByOne = new(1);

    public static async Task<int> Main(string[] args)
    {
        var isHandler = Environment.GetEnvironmentVariable("FUNCTIONS_CUSTOMHANDLER_PORT") is { Length: > 0 };
        var root = isHandler ? Environment.GetEnvironmentVariable("FUNCTIONS_APP_ROOT_PATH")! : args[0];
        var port = int.Parse(isHandler ? Environment.GetEnvironmentVariable("FUNCTIONS_CUSTOMHANDLER_PORT")! : args[1], System.Globalization.CultureInfo.InvariantCulture);
        await using var app = Desk.Build(new DeskStart(new CommandLine { DataFolder = Path.Combine(root, "data"), AdminPassword = "correct horse" }, isHandler, IPAddress.Loopback, port, root));
        SampleOrders.Map(app, PackAsync);
        app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine("The sample desk is ready."));
        await app.RunAsync();
        return 0;
    }

    /// <summary>Notes the effect in a file, and fails the first try of every third item.</summary>
    static async Task<Parcel> PackAsync(ActivityContext context, int item, CancellationToken cancellationToken)
    {
        if (item % 3 == 0 && context.Attempt == 1)
        {
            throw new ActivityException("OutOfPaper", "There is no paper.");
        }

        var parcel = new Parcel(item, context.IdempotencyKey, Guid.NewGuid().ToString("N"));
        if (Environment.GetEnvironmentVariable(EffectsVariable) is { } file)
        {
            // One at a time: an append of .NET writes where the end was when it opened the file.
            await oneByOne.WaitAsync(cancellationToken);
            await File.AppendAllTextAsync(file, $"{context.InstanceId} {item} {parcel.Key} {parcel.Run}\n", cancellationToken);
            oneByOne.Release();
        }

        return parcel;
    }
}
