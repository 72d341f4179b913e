using System.Text.Json;
using System.Text.RegularExpressions;

namespace Watchdesk.Operations.Runners;

/// <summary>Makes a text fit for people, rows and logs: without secrets, without control characters, bounded.</summary>
static partial class Masking
{
    const string Mask = "********";

    public static string Clean(string text, IEnumerable<string> secrets)
    {
        // A manual page prints bold letters twice with a backspace between.
        text = Bold().Replace(text, "");
        foreach (var secret in secrets.OrderByDescending(secret => secret.Length))
        {
            text = text.Replace(secret, Mask, StringComparison.Ordinal)
                .Replace(Uri.EscapeDataString(secret), Mask, StringComparison.Ordinal)
                .Replace(JsonEncodedText.Encode(secret).ToString(), Mask, StringComparison.Ordinal);
        }

        return Bounded(Plain().Replace(Named().Replace(text, $"${{name}}{Mask}${{end}}"), ""));
    }

    /// <summary>The beginning and the end, with a line between that says how much is left out.</summary>
    static string Bounded(string text)
    {
        if (text.Length <= StepResult.MaxOutput)
        {
            return text;
        }

        const int Head = StepResult.MaxOutput * 3 / 4;
        const int Tail = StepResult.MaxOutput - Head - 100;
        return $"{text[..Head]}\n… cut here: {text.Length - Head - Tail} characters are left out …\n{text[^Tail..]}";
    }

    /// <summary>Members that clouds answer with something secret.</summary>
    [GeneratedRegex("""(?<name>"(SecretAccessKey|SessionToken|SecretString|SecretBinary|PrivateKey|KeyMaterial|AccessToken|ClientSecret|Password|AdminPassword|ConnectionString|PrimaryKey|SecondaryKey)"\s*:\s*")[^"]+(?<end>")""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Named();

    [GeneratedRegex(@".\x08", RegexOptions.NonBacktracking)]
    private static partial Regex Bold();

    /// <summary>Escape sequences of terminals, and control characters other than line break and tabulator.</summary>
    [GeneratedRegex(@"\x1b\[[0-9;?]{0,20}[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]", RegexOptions.NonBacktracking)]
    private static partial Regex Plain();
}
