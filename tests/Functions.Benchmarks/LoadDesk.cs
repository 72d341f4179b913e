using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using Azure.Core.Pipeline;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;

namespace Watchdesk.Benchmarks;

/// <summary>
/// The rooms of the desk in a process of their own, over the table double or an emulator, with two more addresses: one
/// that makes people without a hash for each, and one that counts storage calls.
/// </summary>
static class LoadDesk
{
    public const string Verb = "load-desk";
    public const string Double = "double";
    public const string Password = "a load of passwords";
    public const string Admin = "root@example.org";

    /// <param name="arguments">The port, and <see cref="Double"/> or a connection string.</param>
    public static async Task<int> ServeAsync(IReadOnlyList<string> arguments)
    {
        var (port, storage) = (int.Parse(arguments[0], CultureInfo.InvariantCulture), arguments[1]);
        var start = new DeskStart(new CommandLine(), IsHandler: true, IPAddress.Loopback, port, AppContext.BaseDirectory);
        var (blobs, http) = (new TakenBlobs(), 0L);
        CountedTables tables = null!;
        await using var app = Desk.Build(start, builder =>
        {
            builder.Logging.AddFilter("Watchdesk", LogLevel.Warning);
            builder.Services.AddSingleton(Options.Create(new DeskOptions { SignUp = "open", PublicUrl = start.LocalUrl }));
            builder.Services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
            if (storage == Double)
            {
                tables = new CountedTables(new MemoryTables());
                builder.Services.AddSingleton(new BlobClient(new StorageServices(
                    () => StorageAccount.Emulator(10002, 10001, 10000), TimeProvider.System, testTransport: new HttpClientTransport(new HttpClient(blobs))).Blobs()));
            }
            else
            {
                builder.Configuration["AzureWebJobsStorage"] = storage;
                tables = new CountedTables(new AzureTables(new StorageServices(() => StorageAccount.Parse(storage), TimeProvider.System).Tables()));
            }

            builder.Services.AddSingleton<ITables>(tables);
        });
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "http.client.request.duration")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref http));
        listener.Start();
        app.MapGet("/load/calls", () => storage == Double ? tables.Calls + blobs.Blocks : Volatile.Read(ref http)).WithMetadata(new AllowAnonymousAttribute());
        app.MapPost("/load/people", (HttpContext context) => PeopleAsync(context, app.Services.GetRequiredService<UserStore>())).WithMetadata(new AllowAnonymousAttribute());
        await app.StartAsync();
        await Console.Out.WriteLineAsync("ready");
        await app.WaitForShutdownAsync();
        return 0;
    }

    /// <summary>They share one hash, so that making them takes no derivation.</summary>
    static async Task PeopleAsync(HttpContext context, UserStore users)
    {
        var (name, count) = (context.Request.Query["name"].ToString(), int.Parse(context.Request.Query["count"].ToString(), CultureInfo.InvariantCulture));
        var hash = Hash.Value;
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (n, cancellationToken) =>
        {
            var now = TimeProvider.System.GetUtcNow();
            var login = name.Contains('@', StringComparison.Ordinal) ? name : $"{name}{n}@example.org";
            await users.CreateAsync(new User(Tenant.Main, Keys.NewId(now), login, name, login == Admin ? Role.Admin : Role.Reader, false, now, hash), now, cancellationToken);
        });
    }

    static readonly Lazy<string> Hash = new(() => Passwords.Hash(Password));
}
