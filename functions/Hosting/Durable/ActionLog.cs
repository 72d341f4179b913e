using Watchdesk.Hosting.Durable.Wire;
using Kind = Watchdesk.Hosting.Durable.Wire.OrchestratorAction.KindOneofCase;

namespace Watchdesk.Hosting.Durable;

/// <summary>
/// The actions of one execution by number. An action that the history confirms was done by the host and is never returned
/// again; one that it does not know is what this turn asks for.
/// </summary>
sealed class ActionLog
{
    readonly SortedDictionary<int, OrchestratorAction> pending = [];
    readonly Dictionary<int, Open> open = [];
    int next;

    /// <summary>Something of the context is awaited, or may be.</summary>
    public bool HasOpen => open.Count > 0;

    public int NextId => next;

    public IEnumerable<OrchestratorAction> Pending => pending.Values;

    /// <summary>Gives the action its number.</summary>
    public OrchestratorAction Add(OrchestratorAction action)
    {
        action.Id = next++;
        pending.Add(action.Id, action);
        return action;
    }

    /// <summary>Adds an action that is answered later.</summary>
    public Task<string?> AddOpen(OrchestratorAction action, string task)
    {
        var entry = new Open(task);
        open.Add(Add(action).Id, entry);
        return entry.Source.Task;
    }

    /// <summary>Nobody waits for this timer any more; if the host does not know of it yet, it never will.</summary>
    public void Abandon(int id)
    {
        open.Remove(id);
        pending.Remove(id);
    }

    public void DropAll() => pending.Clear();

    public void DropTimers()
    {
        foreach (var id in pending.Where(action => action.Value.KindCase == Kind.CreateTimer).Select(action => action.Key).ToList())
        {
            pending.Remove(id);
        }
    }

    /// <exception cref="NonDeterministicOrchestrationException">The code did something else under this number, or nothing.</exception>
    public void Confirm(int id, Kind kind, string name)
    {
        var did = pending.GetValueOrDefault(id);
        if (did is null || did.KindCase != kind || !NameOf(did).Equals(name, StringComparison.OrdinalIgnoreCase))
        {
            throw new NonDeterministicOrchestrationException(
                $"Action {id}: the history expects {Describe(kind, name)}, the code came with {(did is null ? "nothing" : Describe(did.KindCase, NameOf(did)))}. "
                + "Keep the order of actions for instances that run, and branch on the version of the instance.");
        }

        pending.Remove(id);
    }

    /// <summary>Late and repeated completions find nothing.</summary>
    public void Complete(int id, string? result)
    {
        if (open.Remove(id, out var entry))
        {
            entry.Source.SetResult(result);
        }
    }

    public void Fail(int id, TaskFailure failure)
    {
        if (open.Remove(id, out var entry))
        {
            entry.Source.SetException(new TaskFailedException(entry.Task, failure));
        }
    }

    static string Describe(Kind kind, string name) => name.Length == 0 ? kind.ToString() : $"{kind} \"{name}\"";

    static string NameOf(OrchestratorAction action) => action.KindCase switch
    {
        Kind.ScheduleTask => action.ScheduleTask.Name,
        Kind.CreateSubOrchestration => action.CreateSubOrchestration.Name,
        Kind.SendEvent => action.SendEvent.Name,
        _ => "",
    };

    sealed record Open(string Task)
    {
        public TaskCompletionSource<string?> Source { get; } = new();
    }
}
