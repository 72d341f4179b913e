using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Watchdesk.Clients;
using Watchdesk.Heartbeats;
using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Mail;

/// <summary><c>POST /api/v1/mail</c>: one monitoring mail, answered when it is stored.</summary>
public sealed class RecordMail(MailBody reader, MailDirectory directory, SeenMails seen, Inbox inbox, TimeProvider clock)
{
    const string Description = """
        Takes a mail as message/rfc822, so that `| curl --data-binary @- -H "Authorization: Bearer wd_…" …/api/v1/mail` works from a mail server, cron or a shell, or as JSON.
        Tags in subject and body: :info: :warn: :critical:, :sched-perhour-N/V: :sched-perday-N/V: :sched-permonth-N/V:, :org:a.b.c:, :svr:host.example.org.
        A mail is also a ping of a job when ?job= names it, or when it was sent or delivered to {uuid}@… (the uuid of the job's ping address) or {ping-key}+{slug}@…, at whatever domain.
        Words in its subject, else in the beginning of its body, say which: failed, error … a failure; started, begin … a start; anything else is a success.
        """;

    static readonly Counter<long> Accepted = new Meter(Telemetry.MeterName).CreateCounter<long>("watchdesk.mails.accepted", description: "Mails that were stored.");

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/mail", (HttpContext context, RecordMail record, string? job) => record.HandleAsync(context, job))
            .Accepts<MailRequest>("application/json", "message/rfc822", "*/*")
            .RequiresScope(Scopes.Ping)
            .WithTags("Mail")
            .WithName("RecordMail")
            .WithDescription(Description)
            .WithSummary("Takes a monitoring mail");

    async Task<Results<JsonHttpResult<MailAccepted>, ProblemResult>> HandleAsync(HttpContext context, string? job)
    {
        var caller = context.Caller();
        var content = await reader.ReadAsync(context.Request);
        var now = clock.GetUtcNow();
        if (content.MessageId is { } messageId && await seen.FindAsync(caller.Tenant, messageId, context.RequestAborted) is { } known)
        {
            return Answer(known, content, isDuplicate: true);
        }

        var pinged = await (job is null ? directory.FindAsync(caller.Tenant, content.To, context.RequestAborted) : directory.FindAsync(caller, job, context.RequestAborted));
        if (job is not null && pinged is null)
        {
            return new ProblemResult(StatusCodes.Status404NotFound, $"There is no job {job}, and the key may not create one (scope create).");
        }

        var mail = new MonitoringMail(Keys.NewId(now), content, pinged);
        await inbox.AcceptManyAsync(caller.Tenant, TakeMail.EnvelopeKind, JsonSerializer.SerializeToUtf8Bytes(mail, MailJson.Compact.MonitoringMail), context.RequestAborted);
        Accepted.Add(1);
        // After the queue has it: a row without its mail would turn away the repeat of what was lost.
        var first = await seen.FirstAsync(caller.Tenant, mail, context.RequestAborted);
        return first.Length == 0 ? Answer(mail.Id, content, isDuplicate: false) : Answer(first, content, first != mail.Id);
    }

    static JsonHttpResult<MailAccepted> Answer(string id, MailContent content, bool isDuplicate) =>
        TypedResults.Json(MailAccepted.Of(id, MailTags.Read(content.Subject, content.Text), isDuplicate), MailJson.Plain.MailAccepted, statusCode: StatusCodes.Status202Accepted);
}
