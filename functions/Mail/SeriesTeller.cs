using Watchdesk.Clients;
using Watchdesk.Incidents;

namespace Watchdesk.Mail;

/// <summary>Tells incidents which series turned, then notes in the rows that it is told. Safe to repeat.</summary>
public sealed class SeriesTeller(ITables tables, SeriesRows rows, IncidentDesk desk)
{
    public const string Page = "/mail/series";

    public static string SubjectOf(string id) => $"series:{id}";

    public async Task TellAsync(string tenant, IReadOnlyList<SeriesRow> turned, DateTimeOffset now, bool isCatchUp, CancellationToken cancellationToken)
    {
        if (turned.Count == 0)
        {
            return;
        }

        await desk.TellAsync(tenant, [.. turned.Select(row => SignalOf(row, now))], now, isCatchUp, cancellationToken);
        foreach (var row in turned)
        {
            // A row that changed meanwhile is left: who changed it tells and marks it.
            await tables.WriteAsync(Tables.Series, rows.Write(row with { State = row.State with { ToldTurn = row.State.Turn } }), cancellationToken);
        }
    }

    static Signal SignalOf(SeriesRow row, DateTimeOffset now)
    {
        var state = row.State;
        var reason = state.Org is { } org && state.Cause != SeriesCause.None ? $"{state.Reason(now)} ({org})" : state.Reason(now);
        return new Signal(
            SubjectOf(row.Id),
            state.Name,
            state.Turn,
            state.Cause == SeriesCause.None ? null : state.Severity,
            char.ToUpperInvariant(reason[0]) + reason[1..],
            DateTimeOffset.FromUnixTimeMilliseconds(state.Since),
            state.Host,
            Page,
            LastGoodAt: state.Arrivals.LastAt,
            Advice: state.Cause == SeriesCause.TooFew ? $"See why {state.Sender} sends less than it owes; if it is to send no more, end the series." : null,
            Org: state.Org);
    }
}
