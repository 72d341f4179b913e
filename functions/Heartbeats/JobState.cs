using Watchdesk.Schedules;

namespace Watchdesk.Heartbeats;

/// <summary>Why a job is not good.</summary>
public enum Cause : byte
{
    None,
    Overdue,
    Stuck,
    Failed,
    Misfires,
    Duration,
    Flapping,
    TooFew,
    TooMany,
    StartLate,
    TooShort,
}

/// <summary>
/// Everything that is remembered of a job's runs: one row, of bounded size. Times in Unix milliseconds, 0 is never.
/// </summary>
public sealed class JobState
{
    public const int MaxOpenRuns = 100;
    public const int MaxEndedRuns = 100;
    public const int RunsPerBlock = 10;
    public const int KeysKept = 2000;
    public const int KeysPerBlock = 100;
    public const int MisfiresKept = 20;
    public const int ChangesKept = 8;

    Arrivals _arrivals = Arrivals.None;

    /// <summary>Runs heard of, by their start or by their end.</summary>
    public long Occurrences { get; set; }

    public long Successes { get; set; }

    public long Failures { get; set; }

    public long Misfires { get; set; }

    /// <summary>Runs given up: too many were open, or a person said so.</summary>
    public long Lost { get; set; }

    public long Logs { get; set; }

    public long FirstAt { get; set; }

    /// <summary>Last start, success or fail: what a schedule owes is counted from here.</summary>
    public long LastArrivalAt { get; set; }

    public long LastSuccessAt { get; set; }

    public long LastEndAt { get; set; }

    public bool LastEndFailed { get; set; }

    public int LastExitStatus { get; set; } = -1;

    /// <summary>Of the last run that ended, unless it failed; -1 when unknown.</summary>
    public long LastEndDuration { get; set; } = -1;

    public long LastStartAt { get; set; }

    /// <summary>When the last run that started should have; 0 when that is not known.</summary>
    public long LastStartDue { get; set; }

    /// <summary>Runs that failed, started too late or ended too soon, since the last one that did not.</summary>
    public int BadInARow { get; set; }

    /// <summary>What a count of runs remembers.</summary>
    public Arrivals Arrivals
    {
        get => _arrivals;
        set => (_arrivals, ArrivalsChanged) = (value, true);
    }

    public bool ArrivalsChanged { get; set; }

    /// <summary>Next fire time as the scheduler declared it.</summary>
    public long DeclaredNextAt { get; set; }

    public string LastHost { get; set; } = "";

    /// <summary>Deadline of the row that stands in the due index; <see cref="long.MaxValue"/> when none does.</summary>
    public long IndexedAt { get; set; } = long.MaxValue;

    /// <summary>Cause as the rules see it, before flapping is taken into account.</summary>
    public Cause BaseCause { get; set; }

    /// <summary>Cause that is told.</summary>
    public Cause Cause { get; set; }

    /// <summary>When <see cref="Cause"/> last changed.</summary>
    public long Since { get; set; }

    /// <summary>Up to when the passing of time has been taken into account.</summary>
    public long SettledAt { get; set; }

    /// <summary>Counts changes of <see cref="Cause"/>.</summary>
    public long Turn { get; set; }

    /// <summary>The last turn that incidents know of.</summary>
    public long ToldTurn { get; set; }

    /// <summary>Name of the parent that kept the last turn from being told; empty when none did.</summary>
    public string SilencedBy { get; set; } = "";

    /// <summary>Incidents do not know how this job stands.</summary>
    public bool IsUntold => Turn > ToldTurn || SilencedBy.Length > 0;

    /// <summary>Occurrence numbers at which <see cref="BaseCause"/> went between good and bad, newest last.</summary>
    public List<long> ChangedAtOccurrence { get; } = [];

    /// <summary>Newest last.</summary>
    public List<long> MisfiredAt { get; } = [];

    public List<OpenRun> Open { get; } = [];

    /// <summary>Number of ended runs ever; the last 100 are kept at index n mod 100.</summary>
    public long EndedCount { get; set; }

    public EndedRun?[] Ended { get; } = new EndedRun?[MaxEndedRuns];

    /// <summary>Which of the ten blocks of ten ended runs changed since they were read (bit per block).</summary>
    public int ChangedBlocks { get; set; }

    public bool OpenChanged { get; set; }

    /// <summary>
    /// Half of the key of each of the last 2,000 ended runs that had one. A message that was held by a process that died
    /// comes back when its run, sent again meanwhile, may have left the last 100.
    /// </summary>
    public ulong[] EndedKeys { get; private set; } = [];

    /// <summary>Number of keys ever; the next one goes to index n mod 2,000.</summary>
    public long KeyCount { get; set; }

    /// <summary>Which of the twenty blocks of a hundred keys changed (bit per block).</summary>
    public int ChangedKeyBlocks { get; set; }

    public bool IsNew => LastArrivalAt == 0;

    /// <summary>Ended runs, newest first.</summary>
    public IEnumerable<EndedRun> EndedNewestFirst()
    {
        for (var n = EndedCount - 1; n >= Math.Max(0, EndedCount - MaxEndedRuns); n--)
        {
            if (Ended[n % MaxEndedRuns] is { } run)
            {
                yield return run;
            }
        }
    }

    /// <summary>True when a run of this key ended lately, of which nothing more may be known.</summary>
    public bool HasEnded(RunKey key) => key.High != 0 && EndedKeys.AsSpan().Contains(key.High);

    /// <summary>A hundred keys; there are only as many blocks as were needed so far.</summary>
    public Span<ulong> KeyBlock(int block)
    {
        if (EndedKeys.Length < (block + 1) * KeysPerBlock)
        {
            var keys = EndedKeys;
            Array.Resize(ref keys, (block + 1) * KeysPerBlock);
            EndedKeys = keys;
        }

        return EndedKeys.AsSpan(block * KeysPerBlock, KeysPerBlock);
    }

    public void AddEnded(EndedRun run) => PutEnded(EndedCount++, run);

    public void PutEnded(long number, EndedRun run)
    {
        var slot = (int)(number % MaxEndedRuns);
        Ended[slot] = run;
        ChangedBlocks |= 1 << (slot / RunsPerBlock);
        if (!run.Key.IsAnonymous && !HasEnded(run.Key))
        {
            var keySlot = (int)(KeyCount++ % KeysKept);
            KeyBlock(keySlot / KeysPerBlock)[keySlot % KeysPerBlock] = run.Key.High;
            ChangedKeyBlocks |= 1 << (keySlot / KeysPerBlock);
        }
    }
}
