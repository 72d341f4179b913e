using System.Globalization;
using Watchdesk.Hosting;
using Watchdesk.Incidents;
using Watchdesk.Tenants;

namespace Watchdesk.Pages;

/// <summary><c>/silences</c>: what nobody is told of for a time; a form that first shows what it would hide.</summary>
sealed class SilencePages(SilenceStore silences, SilenceDesk desk)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/silences").ExcludeFromDescription();
        group.MapGet("", (HttpContext context, SilencePages pages) => pages.ShowAsync(context)).Requires(Role.Reader);
        group.MapPost("/preview", (HttpContext context, SilencePages pages) => pages.PreviewAsync(context)).Requires(Role.Responder);
        group.MapPost("", (HttpContext context, SilencePages pages) => pages.SaveAsync(context, null)).Requires(Role.Responder);
        group.MapPost("/{id}", (HttpContext context, SilencePages pages, string id) => pages.SaveAsync(context, id)).Requires(Role.Responder);
        group.MapPost("/{id}/end", (HttpContext context, SilencePages pages, string id) => pages.EndAsync(context, id)).Requires(Role.Responder);
    }

    async Task<IResult> ShowAsync(HttpContext context, SilenceForm? typed = null, SilencePreview? preview = null, string? problem = null, string? id = null)
    {
        var (frame, query) = (PageFrame.Of(context, "Silences"), context.Request.Query);
        var all = await silences.ListAsync(context.Caller().Tenant, context.RequestAborted);
        var edited = all.FirstOrDefault(silence => silence.Id == (id ?? query["edit"]) && silence.Until > frame.Now);
        var form = typed ?? (edited is null ? SilenceForm.Read(name => query[name]) : SilenceForm.Of(edited));
        return new Page<SilencesPage>(frame, ("Silences", all), ("Form", form), ("Edited", edited?.Id), ("Preview", preview), ("Problem", problem));
    }

    async Task<IResult> PreviewAsync(HttpContext context)
    {
        var sent = await context.Request.ReadFormAsync(context.RequestAborted);
        var form = SilenceForm.Read(name => sent[name]);
        try
        {
            return await ShowAsync(context, form, await desk.PreviewAsync(context.Caller().Tenant, form.ToRequest(), context.RequestAborted));
        }
        catch (InvalidRequestException e)
        {
            return await ShowAsync(context, form, problem: e.Message);
        }
    }

    async Task<IResult> SaveAsync(HttpContext context, string? id)
    {
        var sent = await context.Request.ReadFormAsync(context.RequestAborted);
        var form = SilenceForm.Read(name => sent[name]);
        try
        {
            var saved = await desk.SaveAsync(context.Caller(), id, form.ToRequest(), context.RequestAborted);
            return DoneText.Redirect(context, "/silences", saved is null ? "gone" : "silenced");
        }
        catch (InvalidRequestException e)
        {
            return await ShowAsync(context, form, problem: e.Message, id: id);
        }
    }

    async Task<IResult> EndAsync(HttpContext context, string id) =>
        DoneText.Redirect(context, "/silences", await desk.EndAsync(context.Caller(), id, context.RequestAborted) is null ? "gone" : "unsilenced");
}

/// <summary>The fields of the form as they are typed; times are UTC.</summary>
public sealed record SilenceForm(string Name, string Server, string Org, string Text, string Severity, string From, string Until, string Reason)
{
    const string Minutes = "yyyy-MM-dd'T'HH:mm";

    public static SilenceForm Read(Func<string, string?> field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return new(Get("name"), Get("server"), Get("org"), Get("text"), Get("severity"), Get("from"), Get("until"), Get("reason"));

        string Get(string name) => field(name)?.Trim() is { Length: <= 500 } text ? text : "";
    }

    public static SilenceForm Of(Silence silence)
    {
        ArgumentNullException.ThrowIfNull(silence);
        return new(
            silence.Match.Name ?? "", silence.Match.Server ?? "", silence.Match.Org ?? "", silence.Match.Text ?? "",
            silence.Match.Severities is { Count: 1 } one ? one[0].ToString().ToLowerInvariant() : "", Say(silence.From), Say(silence.Until), silence.Reason);
    }

    /// <exception cref="InvalidRequestException">A time is none.</exception>
    public SilenceRequest ToRequest() => new(
        new SilenceMatch(Enum.TryParse<Incidents.Severity>(Severity, ignoreCase: true, out var severity) ? [severity] : null, Org, Name, Server, Text), Time(Until), Reason, Time(From));

    static string Say(DateTimeOffset at) => at.UtcDateTime.ToString(Minutes, CultureInfo.InvariantCulture);

    static DateTimeOffset? Time(string text) => text.Length == 0
        ? null
        : DateTimeOffset.TryParseExact(text, [Minutes, "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : throw new InvalidRequestException("A time is written as 2026-11-20T22:00, in UTC.");
}
