using System.Runtime.InteropServices;
using Watchdesk.Hosting.Embedded;

namespace Watchdesk.Hosting;

/// <summary>The life of the process, from its command line to its exit code.</summary>
public static class DeskRun
{
    /// <summary>0: told to stop, or help was shown. 1: ended by itself, which the Functions host answers with a new process. 2: wrong command line.</summary>
    /// <param name="verbs">Programs of their own, by the first word of the command line.</param>
    public static async Task<int> MainAsync(string[] args, IReadOnlyDictionary<string, Func<IReadOnlyList<string>, Task<int>>> verbs)
    {
        try
        {
            var line = CommandLine.Parse(args, verbs.Keys);
            if (line.WantsHelp)
            {
                await Console.Out.WriteLineAsync(CommandLine.Help);
                return 0;
            }

            if (line.Verb is { } verb)
            {
                return await verbs[verb](line.VerbArguments);
            }

            return await ServeAsync(DeskStart.Read(line, Environment.GetEnvironmentVariable));
        }
        catch (CommandLineException error)
        {
            await Console.Error.WriteLineAsync($"{error.Message} Try --help.");
            return 2;
        }
        catch (Exception error) when (error is InvalidOperationException or FunctionDefinitionException or IOException)
        {
            await Console.Error.WriteLineAsync($"Watchdesk could not start. {error.Message}");
            return 1;
        }
    }

    static async Task<int> ServeAsync(DeskStart start)
    {
        var wasTold = false;
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => wasTold = true);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => wasTold = true);
        await using var app = Desk.Build(start);
        if (!start.IsHandler)
        {
            app.Lifetime.ApplicationStarted.Register(() => SayReady(app.Services, start));
        }

        await app.RunAsync();
        return wasTold ? 0 : 1;
    }

    static void SayReady(IServiceProvider services, DeskStart start) =>
        services.GetRequiredService<LineLog>().Say($"Watchdesk is ready at {start.LocalUrl} - {services.GetRequiredService<FirstSignIn>().Sentence}");
}
