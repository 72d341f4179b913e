using Watchdesk.Clients;

namespace Watchdesk.Tenants;

/// <summary>A user as a row: PK tenant, RK id.</summary>
static class UserRows
{
    public static TableRow Of(User user) => new(user.Tenant, user.Id)
    {
        ["V"] = 1,
        ["Login"] = user.Login,
        ["Name"] = user.Name,
        ["Role"] = Words.Of(user.Role),
        ["Disabled"] = user.IsDisabled,
        ["CreatedAt"] = user.CreatedAt,
        ["PasswordHash"] = user.PasswordHash,
        ["EntraId"] = user.EntraId,
        ["SessionsFrom"] = user.SessionsFrom == default ? null : user.SessionsFrom,
        ["SlackUser"] = user.SlackUser,
        ["RiaId"] = user.RiaId,
        ["CloudRegion"] = user.Cloud?.Region,
        ["Cloud"] = user.Cloud?.Protected,
    };

    public static User Read(TableRow row) => new(
        row.PartitionKey,
        row.RowKey,
        row.Text("Login") ?? "",
        row.Text("Name") ?? "",
        Words.ParseRole(row.Text("Role")) ?? Role.None,
        row.Flag("Disabled"),
        row.Time("CreatedAt") ?? default,
        row.Text("PasswordHash"),
        row.Text("EntraId"),
        row.Time("SessionsFrom") ?? default)
    {
        ETag = row.ETag,
        SlackUser = row.Text("SlackUser"),
        RiaId = row.Text("RiaId"),
        Cloud = row.Text("Cloud") is { } held ? new CloudCredentials(row.Text("CloudRegion") ?? "", held) : null,
    };
}
