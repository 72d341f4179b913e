namespace Watchdesk.Hosting.Embedded;

/// <summary>What one function.json declares.</summary>
/// <param name="ClientBinding">Name of its input <c>durableClient</c>; null when it has none.</param>
public sealed record FunctionDefinition(string Name, FunctionTrigger Trigger, string? ClientBinding = null);

/// <summary>The input that starts a function; <paramref name="Binding"/> is its name in the envelope's Data.</summary>
public abstract record FunctionTrigger(string Binding);

/// <param name="Route">Without a leading slash; a catch-all is <c>{*path}</c>.</param>
public sealed record HttpTrigger(string Binding, string Route, IReadOnlyList<string> Methods) : FunctionTrigger(Binding);

/// <param name="Schedule">NCrontab of six fields, settings already filled in.</param>
public sealed record TimerTrigger(string Binding, string Schedule) : FunctionTrigger(Binding);

/// <param name="IsServiceBus">Otherwise a Storage queue; the embedded host keeps both in the Storage queue of the same name.</param>
/// <param name="IsMany">Messages come as one array (Service Bus only).</param>
/// <param name="AsText">dataType string: a body need not be JSON.</param>
public sealed record QueueTrigger(string Binding, string Queue, bool IsServiceBus, bool IsMany, bool AsText) : FunctionTrigger(Binding);

/// <param name="Orchestration">Its name in calls; that of the function when function.json gives no other.</param>
public sealed record OrchestrationTrigger(string Binding, string Orchestration) : FunctionTrigger(Binding);

/// <param name="Activity">Its name in calls; that of the function when function.json gives no other.</param>
public sealed record ActivityTrigger(string Binding, string Activity) : FunctionTrigger(Binding);

/// <summary>A function.json would be refused by the Functions host, or is beyond what the embedded host can run; the text names it.</summary>
public sealed class FunctionDefinitionException(string message) : Exception(message);
