using System.Text.Json;
using Watchdesk.Heartbeats;
using Watchdesk.Hosting;
using Watchdesk.Schedules;

namespace Watchdesk.Pages;

/// <summary>A change of a job that somebody tries, and what came of it.</summary>
/// <param name="Error">Why it cannot be; null when there is an answer.</param>
public sealed record WhatIf(string Change, ScheduleTestAnswer? Answer, string? Error)
{
    public const int MaxCharacters = 4000;

    public static async Task<WhatIf> OfAsync(TestSchedule test, string tenant, string job, string change, CancellationToken cancellationToken)
    {
        try
        {
            var request = change.Length <= MaxCharacters ? JsonSerializer.Deserialize(change, JobJson.Default.ScheduleTestRequest) : null;
            return request is null
                ? new WhatIf(change, null, $"Write a JSON object of at most {MaxCharacters} characters.")
                : new WhatIf(change, await test.AskAsync(tenant, job, request, cancellationToken), null);
        }
        catch (Exception error) when (error is JsonException or ScheduleFormatException or InvalidRequestException)
        {
            return new WhatIf(change, null, error.Message);
        }
    }
}
