using Watchdesk.Schedules;

namespace Watchdesk.Mail;

/// <summary>Due kind <c>walk-series</c>, as versions before 1.0 wrote it for the walk of series: goes on as <see cref="ExpectationWalk"/>.</summary>
public sealed class OldSeriesWalk(ExpectationWalk walk) : IDueHandler
{
    public string Kind => "walk-series";

    public Task<IReadOnlyList<DueRow>> HandleAsync(IReadOnlyList<DueRow> rows, TickContext tick, CancellationToken cancellationToken) =>
        walk.HandleAsync([.. rows.Select(row => row with { Item = row.Item with { Id = $"{SeriesRows.Walked.Name}~{row.Item.Id}" } })], tick, cancellationToken);
}
