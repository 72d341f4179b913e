using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Watchdesk.Clients;
using Watchdesk.Tenants;

namespace Watchdesk.Heartbeats;

/// <summary>
/// The ping addresses of healthchecks: <c>/ping/{uuid}</c> and <c>/ping/{ping-key}/{slug}</c>, each with <c>/start</c>,
/// <c>/fail</c>, <c>/log</c> or <c>/{exit-status}</c>; HEAD, GET and POST; <c>?rid=</c> a run id, <c>?create=1</c> makes the job.
/// </summary>
public sealed class RecordPing(JobDirectory jobs, PingKeys pingKeys, Inbox inbox, TimeProvider clock)
{
    /// <summary>What is kept of a body; the rest is read and dropped.</summary>
    public const int MaxBodyBytes = 100_000;

    static readonly byte[] Ok = "OK"u8.ToArray();

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods("/ping/{**address}", [HttpMethods.Head, HttpMethods.Get, HttpMethods.Post], (RequestDelegate)(context =>
            context.RequestServices.GetRequiredService<RecordPing>().HandleAsync(context)))
            .AllowAnonymous()
            .ShortCircuit() // Pings come by the thousand: no sign-in to look for, no page headers to set.
            .ExcludeFromDescription();

    async Task HandleAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers["Ping-Body-Limit"] = "100000";
        var now = clock.GetUtcNow();
        if (PingAddress.Parse(context.Request.Path.Value!) is not { } address)
        {
            await AnswerAsync(context, StatusCodes.Status400BadRequest, "invalid url format");
            return;
        }

        string? runId = null;
        if (context.Request.QueryString.HasValue && context.Request.Query.TryGetValue("rid", out var rid))
        {
            if (!Guid.TryParseExact(rid, "D", out var id))
            {
                await AnswerAsync(context, StatusCodes.Status400BadRequest, "invalid uuid format");
                return;
            }

            runId = id.ToString();
        }

        var (tenant, job, isCreated) = await FindAsync(address, context);
        if (job is null)
        {
            await AnswerAsync(context, StatusCodes.Status404NotFound, NotFound(address, tenant));
            return;
        }

        var receivedAt = now.ToUnixTimeMilliseconds();
        var message = HttpMethods.IsPost(context.Request.Method) ? await ReadBodyAsync(context) : null;
        var e = new RunEvent(Keys.NewId(now), job, address.Kind, receivedAt, receivedAt, runId, ExitStatus: address.ExitStatus, Message: message);
        await inbox.AcceptAsync(tenant!, e, context.RequestAborted);
        Inbox.Accepted.Add(1);
        if (isCreated)
        {
            await AnswerAsync(context, StatusCodes.Status201Created, "Created");
            return;
        }

        context.Response.ContentType = "text/plain";
        context.Response.ContentLength = Ok.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(Ok);
        }
    }

    async ValueTask<(string? Tenant, string? Job, bool IsCreated)> FindAsync(PingAddress address, HttpContext context)
    {
        if (address.Uuid is { } uuid)
        {
            var found = await jobs.FindByUuidAsync(uuid, context.RequestAborted);
            return (found?.Tenant, found?.Job, false);
        }

        if (await pingKeys.FindTenantAsync(address.PingKey!, context.RequestAborted) is not { } tenant)
        {
            return default;
        }

        if (context.Request.Query["create"] == "1")
        {
            var (job, isCreated) = await jobs.FindOrCreateAsync(tenant, address.Slug!, new JobRequest(), context.RequestAborted);
            return (tenant, job, isCreated);
        }

        return (tenant, await jobs.FindBySlugAsync(tenant, address.Slug!, context.RequestAborted), false);
    }

    static async Task<string?> ReadBodyAsync(HttpContext context)
    {
        if (context.Request.ContentLength == 0)
        {
            return null;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = 10 * 1024 * 1024;
        }

        var kept = new byte[Math.Min(context.Request.ContentLength ?? MaxBodyBytes, MaxBodyBytes)];
        var length = await context.Request.Body.ReadAtLeastAsync(kept, kept.Length, throwOnEndOfStream: false, context.RequestAborted);
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        return length == 0 ? null : Encoding.UTF8.GetString(kept, 0, length);
    }

    /// <summary>Begins as healthchecks' answer does.</summary>
    static string NotFound(PingAddress address, string? tenant) => address.Uuid is not null
        ? "not found: no job has this ping address. Copy the address from the job's page."
        : tenant is null
            ? "not found: this ping key is unknown or revoked. An admin makes one in the settings."
            : $"not found: the key is good, but there is no job {address.Slug}. Correct the slug, create the job, or add ?create=1.";

    static Task AnswerAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync(text);
    }
}
