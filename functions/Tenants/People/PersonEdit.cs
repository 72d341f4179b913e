namespace Watchdesk.Tenants.People;

/// <summary>What to change of a person; null stays, an empty id goes.</summary>
public sealed record PersonEdit
{
    public string? Login { get; init; }

    public string? Name { get; init; }

    public string? Password { get; init; }

    public string? SlackUser { get; init; }

    public string? RiaId { get; init; }

    public AwsCredentials? Cloud { get; init; }

    public bool RemovesCloud { get; init; }

    public Role? Role { get; init; }

    public bool? IsDisabled { get; init; }

    /// <summary>Never the password: records print their members.</summary>
    public override string ToString() => Login ?? "";
}

/// <summary>A person who wants to come in.</summary>
/// <param name="Invitation">As the link holds it; null without one.</param>
public sealed record NewPerson(string Login, string Name, string? Password, Role Role = Role.Reader, string? Invitation = null)
{
    public string? SlackUser { get; init; }

    public string? RiaId { get; init; }

    public AwsCredentials? Cloud { get; init; }

    public override string ToString() => Login;
}
