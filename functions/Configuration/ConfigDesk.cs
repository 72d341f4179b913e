using System.Buffers;
using System.Text.Json;
using Watchdesk.Hosting;

namespace Watchdesk.Configuration;

/// <summary>What a document comes to: what is wrong with it, or what is to be done.</summary>
public sealed record ConfigPlan(IReadOnlyList<ProblemPart> Errors, IReadOnlyList<ConfigStep> Steps, int Unchanged);

public sealed record ConfigStep(ConfigDifference Difference, Func<CancellationToken, Task> ApplyAsync)
{
    public int Growth => Difference.Change switch { ConfigChange.Created => 1, ConfigChange.Removed => -1, _ => 0 };
}

/// <summary>Brings a tenant to what a document says, as often as it is sent, and writes what is there as such a document.</summary>
public sealed class ConfigDesk(IEnumerable<IConfigKind> kinds)
{
    const int AtOnce = 8;

    public IReadOnlyList<string> Members { get; } = [.. kinds.Select(kind => kind.Member)];

    /// <summary>Checks everything before anything is written.</summary>
    public async Task<ConfigPlan> PlanAsync(string tenant, ConfigDocument document, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(document);
        var errors = new List<ProblemPart>();
        var steps = new List<ConfigStep>();
        var unchanged = 0;
        foreach (var kind in kinds)
        {
            if (document.Lists.TryGetValue(kind.Member, out var items))
            {
                var stored = (await kind.ReadAsync(tenant, cancellationToken)).ToDictionary(entry => entry.Name, StringComparer.Ordinal);
                var wanted = new ConfigCheck(kind, tenant, document, errors).Run(items, stored);
                List<ConfigStep> own = [.. Steps(kind, stored, wanted, document.Prune)];
                steps.AddRange(own);
                if (stored.Count + own.Sum(step => step.Growth) > kind.Most)
                {
                    errors.Add(new ProblemPart(kind.Member, null, $"A tenant has at most {kind.Most} {kind.Member}."));
                }

                unchanged += wanted.Count(entry => stored.TryGetValue(entry.Name, out var before) && IsSame(before, entry));
            }
        }

        return new ConfigPlan(errors, errors.Count > 0 ? [] : steps, unchanged);
    }

    /// <summary>
    /// In the order of the plan's kinds; what goes, goes first, since there may be no room for more; else several at once.
    /// Sent again after a failure it goes on.
    /// </summary>
    public static async Task ApplyAsync(ConfigPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var limits = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        foreach (var kind in plan.Steps.GroupBy(step => (step.Difference.Kind, step.Growth < 0)))
        {
            await Parallel.ForEachAsync(kind, limits, async (step, token) => await step.ApplyAsync(token));
        }
    }

    public async Task<JsonElement> ExportAsync(string tenant, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var kind in kinds)
            {
                json.WriteStartArray(kind.Member);
                foreach (var entry in (await kind.ReadAsync(tenant, cancellationToken)).OrderBy(entry => entry.Name, StringComparer.Ordinal))
                {
                    entry.Definition.WriteTo(json);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    static IEnumerable<ConfigStep> Steps(IConfigKind kind, Dictionary<string, ConfigEntry> stored, IReadOnlyList<ConfigEntry> wanted, bool prune)
    {
        var names = wanted.Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in stored.Values.Where(entry => prune && !names.Contains(entry.Name)).OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            yield return new ConfigStep(new ConfigDifference(kind.Noun, gone.Name, ConfigChange.Removed, []), gone.ApplyAsync);
        }

        foreach (var entry in wanted)
        {
            if (!stored.TryGetValue(entry.Name, out var before))
            {
                yield return new ConfigStep(new ConfigDifference(kind.Noun, entry.Name, ConfigChange.Created, []), entry.ApplyAsync);
            }
            else if (!IsSame(before, entry))
            {
                yield return new ConfigStep(new ConfigDifference(kind.Noun, entry.Name, ConfigChange.Changed, Fields(before, entry)), entry.ApplyAsync);
            }
        }
    }

    static bool IsSame(ConfigEntry before, ConfigEntry after) => before.Hidden == after.Hidden && ConfigDiff.Fields(before.Definition, after.Definition).Count == 0;

    static IReadOnlyList<FieldChange> Fields(ConfigEntry before, ConfigEntry after)
    {
        var fields = ConfigDiff.Fields(before.Definition, after.Definition);
        return fields.Count > 0 ? fields : [new FieldChange("a secret", "the stored one", "a new one")];
    }
}
