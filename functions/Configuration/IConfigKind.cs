using System.Text.Json;
using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Configuration;

/// <summary>A kind of thing that a document describes: jobs, channels …</summary>
public interface IConfigKind
{
    /// <summary>Member of the document that lists them.</summary>
    string Member { get; }

    /// <summary>One of them, in a sentence.</summary>
    string Noun { get; }

    /// <summary>How many a tenant may have.</summary>
    int Most { get; }

    /// <summary>What is there, by the name that a document knows it by.</summary>
    /// <exception cref="InvalidRequestException">It cannot be told apart by name.</exception>
    Task<IReadOnlyList<ConfigEntry>> ReadAsync(string tenant, CancellationToken cancellationToken);

    /// <summary>Checks one item of a document; nothing is written.</summary>
    /// <param name="stored">What is there, by name.</param>
    /// <exception cref="InvalidRequestException">The text says what is wrong; so may a FormatException or JsonException.</exception>
    Task<ConfigEntry> CheckAsync(Caller caller, JsonElement item, IReadOnlyDictionary<string, ConfigEntry> stored, CancellationToken cancellationToken);

    /// <summary>Checks what the items say of one another, and lets each know the others.</summary>
    /// <param name="refuse">Takes the name of an item and what is wrong with it.</param>
    IReadOnlyList<ConfigEntry> Join(IReadOnlyList<ConfigEntry> wanted, IReadOnlyDictionary<string, ConfigEntry> stored, bool prune, Action<string, string> refuse) => wanted;
}

/// <summary>One thing as it is, or as a document wants it.</summary>
/// <param name="Name">Unique among its kind.</param>
/// <param name="Definition">As a document shows it: secrets masked, everything that has a default set.</param>
public sealed record ConfigEntry(string Name, JsonElement Definition)
{
    /// <summary>The same with its secrets, never shown: tells whether one of them changes.</summary>
    public string Hidden { get; init; } = "";

    /// <summary>What is stored, for the kind alone.</summary>
    public object? Stored { get; init; }

    /// <summary>Makes it so with the ids of those it names; see <see cref="IConfigKind.Join"/>.</summary>
    public Func<IReadOnlyList<string>, CancellationToken, Task>? ApplyLinkedAsync { get; init; }

    /// <summary>Makes it so; of what is stored, removes it.</summary>
    public required Func<CancellationToken, Task> ApplyAsync { get; init; }

    /// <exception cref="InvalidRequestException">Several have the same name.</exception>
    public static void TellApart(string member, IEnumerable<string> names)
    {
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } several)
        {
            throw new InvalidRequestException($"{several.Count()} {member} have the name {several.Key}; a document knows them by name, so rename or delete one first.");
        }
    }
}
