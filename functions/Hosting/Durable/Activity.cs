using System.Text.Json.Serialization.Metadata;

namespace Watchdesk.Hosting.Durable;

/// <summary>
/// The name and types of an activity: what an orchestrator calls and <see cref="DurableRoutes"/> maps. Declare it as a static
/// field of the class beside its function.json.
/// </summary>
/// <param name="Name">The function's name.</param>
public sealed record Activity<TInput, TResult>(string Name, JsonTypeInfo<TInput> Input, JsonTypeInfo<TResult> Result);

/// <summary>What an activity is told beside its input. Delivery is at least once: give <see cref="IdempotencyKey"/> to whatever it changes.</summary>
/// <param name="TaskId">Number of this try in its orchestration.</param>
/// <param name="Attempt">1 at the first try.</param>
/// <param name="IdempotencyKey">The same for every try and every delivery of one call.</param>
public sealed record ActivityContext(string InstanceId, string ExecutionId, int TaskId, int Attempt, string IdempotencyKey);
