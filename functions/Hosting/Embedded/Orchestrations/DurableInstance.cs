using System.Text;
using Google.Protobuf;
using Watchdesk.Clients;
using Watchdesk.Hosting.Durable.Wire;

namespace Watchdesk.Hosting.Embedded.Orchestrations;

/// <summary>One orchestration as the embedded engine keeps it: the row <c>instance</c> | <c>i</c> of the table <c>durable</c>.</summary>
/// <param name="ExecutionId">Of this generation; rows of another one are late.</param>
sealed record DurableInstance(string Id, string Name, string ExecutionId, OrchestrationStatus Status, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public const string RowKey = "i";

    /// <summary>Numbers the rows of the history.</summary>
    public int Turns { get; init; }

    /// <summary>One bit for each action whose completion is in the history: what is recorded as done never runs again.</summary>
    public byte[] Done { get; init; } = [];

    public string? Output { get; init; }

    public string? CustomStatus { get; init; }

    public ParentInstance? Parent { get; init; }

    /// <summary>The process that runs a turn of it.</summary>
    public string Owner { get; init; } = "";

    public DateTimeOffset LeasedUntil { get; init; } = DateTimeOffset.UnixEpoch;

    public string? ETag { get; init; }

    public bool IsFinished => Status is OrchestrationStatus.Completed or OrchestrationStatus.Failed or OrchestrationStatus.Terminated or OrchestrationStatus.Canceled;

    public string Tenant => Hosting.Durable.OrchestrationClient.TenantOf(Id);

    public bool IsDone(int action) => action >= 0 && action / 8 < Done.Length && (Done[action / 8] & (1 << (action % 8))) != 0;

    /// <summary>A copy of <see cref="Done"/> with these actions in it.</summary>
    public byte[] DoneWith(IEnumerable<int> actions)
    {
        var done = Done.ToArray();
        foreach (var action in actions)
        {
            Array.Resize(ref done, Math.Max(done.Length, (action / 8) + 1));
            done[action / 8] |= (byte)(1 << (action % 8));
        }

        return done;
    }

    public TableRow ToRow()
    {
        var row = new TableRow(Id, RowKey)
        {
            ["V"] = 1,
            ["Name"] = Name,
            ["Execution"] = ExecutionId,
            ["Status"] = (int)Status,
            ["CreatedAt"] = CreatedAt,
            ["UpdatedAt"] = UpdatedAt,
            ["Turns"] = Turns,
            ["Done"] = Done,
            ["CustomStatus"] = CustomStatus ?? "",
            ["Parent"] = Parent?.ToByteArray(),
            ["Owner"] = Owner,
            ["LeasedUntil"] = LeasedUntil,
        };
        Pieces.Set(row, 'O', Encoding.UTF8.GetBytes(Output ?? ""));
        return row;
    }

    public static DurableInstance Read(TableRow row) => new(
        row.PartitionKey, row.Text("Name")!, row.Text("Execution")!, (OrchestrationStatus)row.Number("Status"), row.Time("CreatedAt")!.Value, row.Time("UpdatedAt")!.Value)
    {
        Turns = (int)row.Number("Turns"),
        Done = row.Bytes("Done") ?? [],
        Output = Pieces.Get(row, 'O') is { Length: > 0 } output ? Encoding.UTF8.GetString(output) : null,
        CustomStatus = row.Text("CustomStatus") is { Length: > 0 } status ? status : null,
        Parent = row.Bytes("Parent") is { } parent ? ParentInstance.Parser.ParseFrom(parent) : null,
        Owner = row.Text("Owner") ?? "",
        LeasedUntil = row.Time("LeasedUntil") ?? DateTimeOffset.UnixEpoch,
        ETag = row.ETag,
    };
}
