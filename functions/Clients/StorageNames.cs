namespace Watchdesk.Clients;

/// <summary>Names of queues and containers: 3 to 63 lower-case letters, digits and single hyphens.</summary>
static class StorageNames
{
    public static string Check(string name, string what)
    {
        ArgumentNullException.ThrowIfNull(name);
        var isGood = name.Length is >= 3 and <= 63 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            && name[0] != '-' && name[^1] != '-' && !name.Contains("--", StringComparison.Ordinal);
        return isGood ? name : throw new ArgumentException($"The {what} name '{name}' is not 3 to 63 lower-case letters, digits and single hyphens.", nameof(name));
    }
}
