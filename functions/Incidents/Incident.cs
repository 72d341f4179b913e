using System.Runtime.InteropServices;
using Watchdesk.Notices;

namespace Watchdesk.Incidents;

/// <summary>Something is wrong with one subject, or, in a storm, with many at once. Open until all its causes are gone.</summary>
public sealed record Incident
{
    public required string Id { get; init; }

    /// <summary>Empty until it is stored.</summary>
    public string ETag { get; init; } = "";

    public bool IsOpen { get; init; } = true;

    public bool IsStorm { get; init; }

    /// <summary>Key of the one subject; of a storm that of the first.</summary>
    public required string Subject { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    public required string Reason { get; init; }

    /// <summary>That of the worst cause; the last one once resolved.</summary>
    public required Severity Severity { get; init; }

    public string Host { get; init; } = "";

    /// <summary>Page of the subject, a path on the desk.</summary>
    public string Link { get; init; } = "";

    public string Advice { get; init; } = "";

    public DateTimeOffset? LastGoodAt { get; init; }

    /// <summary>When its first subject turned.</summary>
    public required DateTimeOffset Since { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    public DateTimeOffset ChangedAt { get; init; }

    public DateTimeOffset? ResolvedAt { get; init; }

    public string Resolution { get; init; } = "";

    /// <summary>Who ended it by hand; empty when its causes went away.</summary>
    public string ResolvedBy { get; init; } = "";

    public bool IsFlapping { get; init; }

    /// <summary>Id of who has it; empty when nobody has.</summary>
    public string Owner { get; init; } = "";

    public string OwnerName { get; init; } = "";

    /// <summary>When the acknowledgement ends; null for never.</summary>
    public DateTimeOffset? OwnedUntil { get; init; }

    /// <summary>Since when its owner has it; null when nobody has.</summary>
    public DateTimeOffset? AssignedAt { get; init; }

    /// <summary>When somebody first had it; null when nobody ever had.</summary>
    public DateTimeOffset? FirstAssignedAt { get; init; }

    /// <summary>Who had it before the last change of hands, so that it can be undone; null when there is nothing to undo.</summary>
    public Ownership? Prior { get; init; }

    /// <summary>Paths in the organisation of its subjects, at most <see cref="OrgPath.MaxOfIncident"/>; empty when it is unclassified.</summary>
    public IReadOnlyList<string> Orgs { get; init; } = [];

    /// <summary>Neither its subject nor so bad a turn of it was seen before: no broad silence hides it.</summary>
    public bool IsNewKind { get; init; }

    /// <summary>Signals that were recorded, at most <see cref="SignalRecord.Most"/>.</summary>
    public int Signals { get; init; }

    /// <summary>The incident that it was merged into; empty for none.</summary>
    public string MergedInto { get; init; } = "";

    /// <summary>Incidents that were merged into it: their signals are its own.</summary>
    public IReadOnlyList<string> Merged { get; init; } = [];

    /// <summary>Since when it is open and critical and nobody has it; null when that is not so.</summary>
    public DateTimeOffset? NobodySince { get; init; }

    /// <summary>Sent since <see cref="NobodySince"/>.</summary>
    public int Reminders { get; init; }

    public DateTimeOffset? RemindedAt { get; init; }

    /// <summary>Subjects that are bad now.</summary>
    public Causes Causes { get; init; }

    /// <summary>Subjects that ever belonged to it.</summary>
    public int Subjects { get; init; }

    /// <summary>Of a storm: its subjects by host.</summary>
    public IReadOnlyList<HostGroup> Hosts { get; init; } = [];

    /// <summary>Of a storm: the subjects in it whose own channels are told too, the rules.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Subjects whose own channels hear of it.</summary>
    public IEnumerable<string> Audience => Rules.Prepend(Subject);

    /// <summary>Grows with every change that leaves something in the outbox; part of the ids of what it leaves.</summary>
    public int Changes { get; init; }

    /// <summary>The call that a storm has last written history for, so that redoing the call writes none.</summary>
    public string LastCall { get; init; } = "";

    /// <summary>What people believe: the severity they were last told; null when nobody was told yet.</summary>
    public Severity? Told { get; init; }

    /// <summary>The worst they were told.</summary>
    public Severity? WorstTold { get; init; }

    /// <summary>Why the last change was told to whom, step by step.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>Key of the last notice about it; empty when there was none.</summary>
    public string LastNotice { get; init; } = "";

    public bool IsOwned => Owner.Length > 0;

    /// <summary>It stands for more than its first subject.</summary>
    public bool IsMany => IsStorm || Subjects > 1;

    public NoticeKey NextKey(DateTimeOffset now) => new(now, Id, Changes + 1);
}

/// <summary>How many subjects are bad now, by severity.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Causes(int Critical, int Warning, int Info)
{
    public int Total => Critical + Warning + Info;

    public Severity? Worst => this switch
    {
        { Critical: > 0 } => Severity.Critical,
        { Warning: > 0 } => Severity.Warning,
        { Info: > 0 } => Severity.Info,
        _ => null,
    };

    public Causes With(Severity? before, Severity? after) => Add(before, -1).Add(after, 1);

    public Causes And(Causes other) => new(Critical + other.Critical, Warning + other.Warning, Info + other.Info);

    Causes Add(Severity? severity, int count) => severity switch
    {
        Severity.Critical => this with { Critical = Critical + count },
        Severity.Warning => this with { Warning = Warning + count },
        Severity.Info => this with { Info = Info + count },
        _ => this,
    };
}

/// <summary>What is kept of a subject, also when it is well: so that a late repetition of an old turn changes nothing.</summary>
/// <param name="Incident">Id of the incident it belongs or last belonged to; empty for none.</param>
/// <param name="Severity">Null when it is good.</param>
/// <param name="ETag">Empty until it is stored.</param>
public sealed record SubjectState(string Subject, string Incident, long Turn, Severity? Severity, DateTimeOffset At, string ETag = "")
{
    /// <summary>The worst that it ever was; null when it was never bad.</summary>
    public Severity? Worst { get; init; }

    /// <summary>Of the row of the latest storm: how many incidents have opened since <see cref="OpenedSince"/>.</summary>
    public int Opened { get; init; }

    public DateTimeOffset? OpenedSince { get; init; }

    /// <summary>How many incidents have opened so shortly before that they may be one event.</summary>
    public int OpenedBy(DateTimeOffset now) => OpenedSince is { } since && now - since <= StormRule.Window ? Opened : 0;

    public SubjectState WithOpened(DateTimeOffset now) => this with { Subject = IncidentBook.StormSubject, Opened = OpenedBy(now) + 1, OpenedSince = OpenedBy(now) > 0 ? OpenedSince : now };
}
