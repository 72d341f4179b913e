using System.Text.Json.Serialization.Metadata;

namespace Watchdesk.Hosting.Durable;

/// <summary>The name and types of an orchestration: what is started and called, and what <see cref="DurableRoutes"/> maps.</summary>
/// <param name="Name">The function's name.</param>
/// <param name="Version">
/// Raise it when the order of actions changes and branch on <see cref="OrchestrationContext.Version"/>: an instance keeps the
/// version that it was started with until it has ended.
/// </param>
public sealed record Orchestration<TInput, TResult>(string Name, JsonTypeInfo<TInput> Input, JsonTypeInfo<TResult> Result, int Version = 1);

/// <summary>The name and type of an event that somebody raises to a running orchestration. Names are compared without case.</summary>
public sealed record ExternalEvent<T>(string Name, JsonTypeInfo<T> Data);

/// <summary>The outcome of waiting with a deadline.</summary>
/// <param name="HasCome">False when the deadline came first.</param>
public readonly record struct Waited<T>(bool HasCome, T? Value);
