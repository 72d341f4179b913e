namespace Watchdesk.Pages;

/// <summary>What a button has just done, told after the redirect. Only these sentences: the address is the visitor's.</summary>
static class DoneText
{
    static readonly Dictionary<string, string> Sentences = new(StringComparer.Ordinal)
    {
        ["replayed"] = "The message is on its way again.",
        ["deleted"] = "Deleted.",
        ["gone"] = "It was already gone.",
        ["revoked"] = "The key is revoked.",
        ["acknowledged"] = "The incident is yours.",
        ["taken"] = "The incident is yours.",
        ["assigned"] = "Assigned; who has it now is told.",
        ["released"] = "Nobody has it now.",
        ["reopened"] = "The incident is open again.",
        ["undone"] = "Undone.",
        ["changed"] = "Done.",
        ["some"] = "Not all could be changed: some are over, gone or were changed by somebody else.",
        ["nothing"] = "Tick what is meant first.",
        ["merged"] = "Merged.",
        ["split"] = "It is an incident of its own now.",
        ["unlinked"] = "It does not belong to this incident any more.",
        ["silenced"] = "Silenced.",
        ["unsilenced"] = "The silence is over: what is still open is told.",
        ["device"] = "This browser shows what you are given from now on.",
        ["subscribed"] = "Subscribed.",
        ["resolved"] = "The incident is resolved.",
        ["commented"] = "Comment added.",
        ["created"] = "The job is made. It waits for its first ping: take one of the lines below.",
        ["again"] = "They are on their way again.",
        ["paused"] = "The job is paused: its pings are kept, and it owes nothing.",
        ["resumed"] = "The job is watched again.",
        ["saved"] = "Saved.",
        ["added"] = "Added. Send a test to see that it works.",
        ["rule"] = "The rule is stored; it is evaluated within ten seconds.",
        ["mail-rule"] = "The mail rule is stored. It takes what comes from now on, and has taken what it matches of the unclassified mails.",
        ["moved"] = "Moved. The first rule that matches takes a mail.",
        ["ended"] = "The series owes nothing any more, until a mail with a schedule tag comes.",
        ["joined"] = "Welcome. This is what others see of you.",
        ["password"] = "The password is changed; every other session is over.",
        ["signedout"] = "That session is over.",
        ["invitation"] = "The invitation is gone: its link works no more.",
        ["person"] = "The person is saved.",
        ["group"] = "The group is saved.",
        ["asked"] = "Asked. This page shows how far it is.",
        ["approved"] = "Approved: it goes on.",
        ["rejected"] = "Rejected: nothing is done.",
        ["cancelled"] = "Cancelled: it ends as soon as what is under way does.",
        ["closed"] = "That is no longer possible: the incident has changed.",
    };

    public static string? Of(string? code) => code is not null && Sentences.TryGetValue(code, out var sentence) ? sentence : null;

    /// <summary>Back to a page after a write, with a sentence.</summary>
    public static IResult Redirect(HttpContext context, string path, string code)
    {
        context.Response.Headers.Location = $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}done={code}";
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }
}
