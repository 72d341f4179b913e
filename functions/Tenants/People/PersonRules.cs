using Watchdesk.Hosting;

namespace Watchdesk.Tenants.People;

/// <summary>What the fields of a person may be. A refusal names the field.</summary>
static class PersonRules
{
    const int MaxId = 100;

    /// <exception cref="InvalidRequestException">One or more of the fields are missing; all of them are named.</exception>
    public static void Require(params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        var missing = new List<string>();
        foreach (var (name, value) in fields)
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                missing.Add(name);
            }
        }

        if (missing.Count > 0)
        {
            throw new InvalidRequestException($"Required and missing: {string.Join(", ", missing)}.");
        }
    }

    /// <param name="field">email or login, as the caller called it.</param>
    public static string Login(string text, string field)
    {
        var login = text.Trim().ToLowerInvariant();
        return User.IsLogin(login) ? login : throw new InvalidRequestException($"{field} must be an e-mail address.");
    }

    public static string? Name(string? name) => name is null || (name.Trim().Length is > 0 and <= 100 && !name.Any(char.IsControl))
        ? name?.Trim()
        : throw new InvalidRequestException("name must be 1 to 100 characters without control characters.");

    public static Role? RoleOf(string? word) => word is null
        ? null
        : Words.ParseRole(word) is { } role and not Role.None ? role : throw new InvalidRequestException("role must be reader, responder, operator, approver or admin.");

    public static string? Password(string? password) => password is null or { Length: >= Passwords.MinLength and <= Passwords.MaxLength }
        ? password
        : throw new InvalidRequestException($"password must be {Passwords.MinLength} to {Passwords.MaxLength} characters.");

    /// <summary>An id that another system gave; empty takes it away.</summary>
    public static string? OtherId(string? id, string field) => id is null || (id.Length <= MaxId && !id.Any(char.IsControl))
        ? id?.Trim()
        : throw new InvalidRequestException($"{field} has at most {MaxId} characters and no control characters.");
}
