using Watchdesk.Clients;

namespace Watchdesk.Schedules;

/// <summary>Looks at due rows one by one, so that one that fails costs the others nothing.</summary>
public static class DueLooks
{
    /// <summary>The rows to push ahead: of which the look was false or met a storage that did not answer.</summary>
    public static async Task<IReadOnlyList<DueRow>> EachAsync(IEnumerable<DueRow> rows, Func<DueRow, Task<bool>> look, Action<DueRow, RemoteCallException> onFailure)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(look);
        ArgumentNullException.ThrowIfNull(onFailure);
        var again = new List<DueRow>();
        foreach (var row in rows)
        {
            try
            {
                if (!await look(row))
                {
                    again.Add(row);
                }
            }
            catch (RemoteCallException failure)
            {
                onFailure(row, failure);
                again.Add(row);
            }
        }

        return again;
    }
}
