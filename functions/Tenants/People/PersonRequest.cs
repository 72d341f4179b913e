namespace Watchdesk.Tenants.People;

/// <summary>A person as the contract of version 1.0 has it; email, name and (of a new one) password are required.</summary>
/// <param name="Invitation">Of a sign-up by invitation: the text of its link.</param>
public sealed record PersonRequest(
    string? Email = null,
    string? Name = null,
    string? Password = null,
    string? SlackUser = null,
    string? RiaId = null,
    AwsCredentials? AwsCredentials = null,
    string? Invitation = null)
{
    public NewPerson ToNew()
    {
        PersonRules.Require(("email", Email), ("name", Name), ("password", Password));
        return new NewPerson(PersonRules.Login(Email!, "email"), PersonRules.Name(Name)!, PersonRules.Password(Password), Invitation: Invitation)
        {
            SlackUser = PersonRules.OtherId(SlackUser, "slackUser"),
            RiaId = PersonRules.OtherId(RiaId, "riaId"),
            Cloud = AwsCredentials,
        };
    }

    /// <summary>The whole person anew; only a password that is absent or masked stays.</summary>
    public PersonEdit ToEdit()
    {
        PersonRules.Require(("email", Email), ("name", Name));
        return new PersonEdit
        {
            Login = PersonRules.Login(Email!, "email"),
            Name = PersonRules.Name(Name),
            Password = Password == CloudSecrets.Mask ? null : PersonRules.Password(Password),
            SlackUser = PersonRules.OtherId(SlackUser ?? "", "slackUser"),
            RiaId = PersonRules.OtherId(RiaId ?? "", "riaId"),
            Cloud = AwsCredentials,
            RemovesCloud = AwsCredentials is null,
        };
    }

    /// <summary>Never the password: records print their members.</summary>
    public override string ToString() => Email ?? "";
}

/// <summary>A person as an answer of version 1.0 shows it: what is secret is masked, so that it can be sent back.</summary>
public sealed record PersonView(string Email, string Name, string? Password, string? SlackUser, string? RiaId, AwsCredentials? AwsCredentials)
{
    public static PersonView Of(User user) => new(
        user.Login,
        user.Name,
        user.PasswordHash is null ? null : CloudSecrets.Mask,
        user.SlackUser,
        user.RiaId,
        CloudSecrets.Masked(user.Cloud));
}

public sealed record PersonPage(IReadOnlyList<PersonView> Items, string? Next);

/// <summary>Whom something was done to, by e-mail address.</summary>
public sealed record EntityView(string Entity);

public sealed record LogInRequest(string? Email = null, string? Password = null)
{
    /// <summary>Never the password: records print their members.</summary>
    public override string ToString() => Email ?? "";
}
