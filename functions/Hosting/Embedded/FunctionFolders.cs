using System.Text.Json;
using System.Text.RegularExpressions;
using NCrontab;

namespace Watchdesk.Hosting.Embedded;

/// <summary>Reads the functions of a script root and refuses what the Functions host would refuse (contract 3, 6.4 and 8).</summary>
public static partial class FunctionFolders
{
    public static readonly CrontabSchedule.ParseOptions WithSeconds = new() { IncludingSeconds = true };

    static readonly string[] Verbs = ["get", "post", "put", "patch", "delete", "head", "options"];

    /// <param name="setting">Value of an app setting, for <c>%Name%</c>; null when unset.</param>
    /// <exception cref="FunctionDefinitionException">One of them is refused.</exception>
    public static IReadOnlyList<FunctionDefinition> Read(string root, Func<string, string?> setting)
    {
        var functions = new List<FunctionDefinition>();
        foreach (var folder in Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal))
        {
            var file = Path.Combine(folder, "function.json");
            if (!File.Exists(file))
            {
                continue;
            }

            var name = Path.GetFileName(folder);
            RefuseUnless(Name().IsMatch(name) && !name.Equals("host", StringComparison.OrdinalIgnoreCase), name, "is not a name for a function");
            RefuseUnless(Directory.EnumerateFileSystemEntries(folder).Take(2).Count() == 1, name, "has more in its folder than function.json; the host would take it for a script");
            functions.Add(ReadFunction(name, File.ReadAllBytes(file), setting));
        }

        RefuseRoutes(functions);
        return functions;
    }

    /// <exception cref="FunctionDefinitionException">The definition is refused.</exception>
    public static FunctionDefinition ReadFunction(string name, ReadOnlyMemory<byte> json, Func<string, string?> setting)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var bindings = document.RootElement.GetProperty("bindings").EnumerateArray().ToList();
            var triggers = bindings.Where(binding => Text(binding, "type")!.EndsWith("Trigger", StringComparison.OrdinalIgnoreCase)).ToList();
            RefuseUnless(triggers.Count == 1, name, "needs exactly one trigger");
            var others = bindings.Where(binding => Text(binding, "type") is { } type && !type.EndsWith("Trigger", StringComparison.OrdinalIgnoreCase)).ToList();
            var isHttp = Text(triggers[0], "type") == "httpTrigger";
            if (isHttp)
            {
                RefuseUnless(others.Count == 1 && Text(others[0], "type") == "http", name, "needs one output http and nothing else, or it is not proxied");
                return new FunctionDefinition(name, ReadTrigger(name, triggers[0], setting));
            }

            var hasClient = others.Count == 1 && Text(others[0], "type") == "durableClient" && Text(others[0], "direction") == "in";
            RefuseUnless(others.Count == 0 || hasClient, name, "declares bindings beside its trigger; send through our own clients");
            return new FunctionDefinition(name, ReadTrigger(name, triggers[0], setting), hasClient ? Text(others[0], "name") : null);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or NullReferenceException)
        {
            throw new FunctionDefinitionException($"The function.json of {name} is not one: {error.Message}");
        }
    }

    static FunctionTrigger ReadTrigger(string name, JsonElement binding, Func<string, string?> setting)
    {
        var bindingName = Text(binding, "name") ?? throw Refusal(name, "has a trigger without a name");
        RefuseUnless(Text(binding, "direction") is null or "in", name, "has a trigger whose direction is not in");
        switch (Text(binding, "type"))
        {
            case "httpTrigger":
                var methods = binding.TryGetProperty("methods", out var listed) ? listed.EnumerateArray().Select(method => method.GetString()!).ToList() : [.. Verbs];
                return new HttpTrigger(bindingName, Text(binding, "route") ?? name, methods);
            case "timerTrigger":
                var schedule = Resolve(name, Text(binding, "schedule") ?? throw Refusal(name, "has no schedule"), setting);
                RefuseUnless(CrontabSchedule.TryParse(schedule, WithSeconds) is not null, name, $"has a schedule that is not NCrontab of six fields: {schedule}");
                return new TimerTrigger(bindingName, schedule);
            case "serviceBusTrigger":
                RefuseUnless(Text(binding, "topicName") is null, name, "listens to a topic; only queues are used here");
                return new QueueTrigger(bindingName, Queue(), IsServiceBus: true, IsMany: Text(binding, "cardinality") == "many", AsText: Text(binding, "dataType") == "string");
            case "queueTrigger":
                return new QueueTrigger(bindingName, Queue(), IsServiceBus: false, IsMany: false, AsText: true);
            case "orchestrationTrigger":
                return new OrchestrationTrigger(bindingName, Text(binding, "orchestration") ?? name);
            case "activityTrigger":
                return new ActivityTrigger(bindingName, Text(binding, "activity") ?? name);
            case var other:
                throw Refusal(name, $"has a trigger of the unknown type {other}");
        }

        string Queue()
        {
            RefuseUnless(Text(binding, "connection") is not null, name, "names no connection");
            var queue = Resolve(name, Text(binding, "queueName") ?? throw Refusal(name, "names no queue"), setting);
            RefuseUnless(QueueName().IsMatch(queue), name, $"names a queue that Storage does not take: {queue}");
            return queue;
        }
    }

    static void RefuseRoutes(List<FunctionDefinition> functions)
    {
        var taken = new HashSet<(string Route, string Method)>();
        foreach (var function in functions)
        {
            if (function.Trigger is not HttpTrigger http)
            {
                continue;
            }

            var route = http.Route.TrimStart('/');
            RefuseUnless(
                !route.StartsWith("admin", StringComparison.OrdinalIgnoreCase) && !route.StartsWith("runtime", StringComparison.OrdinalIgnoreCase) && !route.StartsWith(".auth", StringComparison.OrdinalIgnoreCase),
                function.Name,
                $"has a route that belongs to the host: {route}");
            foreach (var method in http.Methods)
            {
                RefuseUnless(taken.Add((route.ToUpperInvariant(), method.ToUpperInvariant())), function.Name, $"has the route of another function: {method} {route}");
            }
        }
    }

    static string Resolve(string name, string text, Func<string, string?> setting) =>
        Placeholder().Replace(text, match => setting(match.Groups["name"].Value) ?? throw Refusal(name, $"needs the setting {match.Groups["name"].Value}"));

    static string? Text(JsonElement binding, string property) => binding.TryGetProperty(property, out var value) ? value.GetString() : null;

    static void RefuseUnless(bool isFine, string name, string reason)
    {
        if (!isFine)
        {
            throw Refusal(name, reason);
        }
    }

    static FunctionDefinitionException Refusal(string name, string reason) => new($"The function {name} {reason}.");

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,127}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();

    [GeneratedRegex("^[a-z0-9](?!.*--)[a-z0-9-]{1,61}[a-z0-9]$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex QueueName();

    [GeneratedRegex("%(?<name>[^%]+)%", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();
}
