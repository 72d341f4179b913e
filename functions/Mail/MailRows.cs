using System.Globalization;
using System.Text;
using System.Text.Json;
using Watchdesk.Clients;
using Watchdesk.Incidents;
using Watchdesk.Schedules;

namespace Watchdesk.Mail;

/// <summary>
/// A mail as a row: PK <c>{tenant}~{yyyyMMdd}</c> of its receipt, RK newest first. The partition <c>{tenant}~days</c>
/// has a row for each day that has mails. Lists are read without <see cref="Text"/>, headers and the rest of the details.
/// </summary>
static class MailRows
{
    public const string Text = "Text";
    public const int MaxInlineText = 32 * 1024;

    public static readonly string[] ListColumns = ["RowKey", "From", "Subject", "Severity", "Tags", "Series", "Name", "Job", "Id", "Rule", "RuleName", "Dropped"];

    public static string Days(string tenant) => $"{tenant}~days";

    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    public static string Partition(string tenant, string day) => $"{tenant}~{day}";

    public static string Key(string id) => Keys.NewestFirst(Keys.TimeOf(id), id);

    public static string BlobName(string tenant, string id) => $"{tenant}/{Day(Keys.TimeOf(id))}/{id}.txt";

    public static TableRow Write(string tenant, StoredMail mail)
    {
        var content = mail.Content;
        var text = Encoding.UTF8.GetByteCount(content.Text) <= MaxInlineText ? content.Text : null;
        return new TableRow(Partition(tenant, Day(mail.ReceivedAt)), Key(mail.Id))
        {
            ["V"] = 1,
            ["Id"] = mail.Id,
            ["From"] = content.From,
            ["Subject"] = content.Subject,
            ["Severity"] = mail.Tags.Severity is { } severity ? (int)severity : -1,
            ["Tags"] = JsonSerializer.SerializeToUtf8Bytes(Tags(mail.Tags), MailJson.Compact.TagsOfMail),
            ["Series"] = mail.Series.Id,
            ["Name"] = mail.Series.Name,
            ["Template"] = mail.Series.Template,
            ["Job"] = mail.Job ?? "",
            ["Seen"] = content.MessageId is { } id ? Keys.Hash(id) : "",
            ["Headers"] = JsonSerializer.SerializeToUtf8Bytes(content.Headers, MailJson.Compact.IReadOnlyListMailHeader),
            ["Details"] = JsonSerializer.SerializeToUtf8Bytes(content with { From = "", Subject = "", Text = "", Headers = [] }, MailJson.Compact.MailContent),
            ["Rule"] = mail.Rule?.Id ?? "",
            ["RuleName"] = mail.Rule?.Name ?? "",
            ["Dropped"] = mail.IsDropped,
            ["HasBlob"] = text is null,
            [Text] = text,
        };
    }

    /// <param name="row">Of a list, or whole.</param>
    public static StoredMail Read(TableRow row)
    {
        var headers = row.Bytes("Headers") is { } bytes ? JsonSerializer.Deserialize(bytes, MailJson.Compact.IReadOnlyListMailHeader)! : [];
        var details = row.Bytes("Details") is { } rest ? JsonSerializer.Deserialize(rest, MailJson.Compact.MailContent)! : new MailContent("", [], "", "", null, null, [], [], false);
        var tags = JsonSerializer.Deserialize(row.Bytes("Tags")!, MailJson.Compact.TagsOfMail)!;
        return new StoredMail(
            row.Text("Id")!,
            details with { From = row.Text("From") ?? "", Subject = row.Text("Subject") ?? "", Text = row.Text(Text) ?? "", Headers = headers },
            new MailTags(row.Number("Severity") is >= 0 and var severity ? (Severity)severity : null, tags.Schedule as CountSchedule, tags.Org, tags.Servers ?? [], tags.LooksLike ?? []),
            new SeriesKey(row.Text("Series") ?? "", row.Text("From") ?? "", row.Text("Name") ?? "", row.Text("Template") ?? ""),
            row.Text("Job") is { Length: > 0 } job ? job : null)
        {
            Rule = row.Text("Rule") is { Length: > 0 } rule ? new RuleOfMail(rule, row.Text("RuleName") ?? "") : null,
            IsDropped = row.Flag("Dropped"),
        };
    }

    static TagsOfMail Tags(MailTags tags) => new(tags.Schedule, tags.Org, tags.Servers.Count > 0 ? tags.Servers : null, tags.LooksLike.Count > 0 ? tags.LooksLike : null);
}

sealed record TagsOfMail(Schedule? Schedule, string? Org, IReadOnlyList<string>? Servers, IReadOnlyList<string>? LooksLike);
