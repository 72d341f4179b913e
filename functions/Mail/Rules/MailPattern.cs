using System.Text.RegularExpressions;
using Watchdesk.Schedules;

namespace Watchdesk.Mail.Rules;

/// <summary>
/// A regular expression of a person, matched in a time that grows with the text and nothing else. It ignores case, finds its match
/// anywhere, and <c>^</c> and <c>$</c> are ends of lines.
/// </summary>
public static class MailPattern
{
    public const int MaxLength = 500;

    public const string Excluded = "Not possible here, since they may take for ever: lookaround (?=…) (?!…) (?<=…) (?<!…), backreferences \\1 \\k<name>, atomic groups (?>…), conditions (?(…)…) and \\G.";

    const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.ExplicitCapture;

    /// <summary>How large counts such as {1000} may make an expression; the framework refuses what is larger.</summary>
    const int MaxStates = 2000;

    static MailPattern() => AppContext.SetData("REGEX_NONBACKTRACKING_MAX_AUTOMATA_SIZE", MaxStates);

    /// <summary>Null for none.</summary>
    /// <exception cref="ScheduleFormatException">It cannot be used; the error points at the column where it can.</exception>
    public static Regex? Compile(string field, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (text.Length > MaxLength)
        {
            throw new ScheduleFormatException(field, $"it has more than {MaxLength} characters.", MaxLength + 1);
        }

        if (Unsupported(text) is { } found)
        {
            throw new ScheduleFormatException(field, $"{found.What} is not possible here, since it may take for ever. Say it with what may stand there, or with a second expression of the rule.", found.At + 1);
        }

        try
        {
            return new Regex(text, Options);
        }
        catch (RegexParseException wrong)
        {
            throw new ScheduleFormatException(field, Reason(wrong), Math.Min(wrong.Offset, text.Length) + 1);
        }
        catch (NotSupportedException)
        {
            throw new ScheduleFormatException(field, "its counts make it too large. Use smaller numbers in { }, or * and +.");
        }
    }

    /// <summary>The first construct that needs backtracking.</summary>
    static (int At, string What)? Unsupported(string text)
    {
        var isInClass = false;
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\\':
                    if (!isInClass && at + 1 < text.Length && text[at + 1] is (>= '1' and <= '9') or 'k' or 'G')
                    {
                        return (at, text[at + 1] == 'G' ? "\\G" : "a backreference");
                    }

                    at++;
                    break;
                case '[' when !isInClass:
                    isInClass = true;
                    at += text.AsSpan(at + 1) is ['^', ']', ..] ? 2 : text.AsSpan(at + 1) is [']' or '^', ..] ? 1 : 0;
                    break;
                case ']':
                    isInClass = false;
                    break;
                case '(' when !isInClass && Group(text.AsSpan(at + 1)) is { } what:
                    return (at, what);
            }
        }

        return null;
    }

    static string? Group(ReadOnlySpan<char> rest) => rest switch
    {
        ['?', '=' or '!', ..] => "a lookahead",
        ['?', '<', '=' or '!', ..] => "a lookbehind",
        ['?', '>', ..] => "an atomic group",
        ['?', '(', ..] => "a condition",
        _ => null,
    };

    /// <summary>The framework repeats the whole expression before its reason.</summary>
    static string Reason(RegexParseException wrong)
    {
        var from = wrong.Message.LastIndexOf("at offset ", StringComparison.Ordinal);
        var stop = from < 0 ? -1 : wrong.Message.IndexOf(". ", from, StringComparison.Ordinal);
        var reason = stop < 0 ? wrong.Message : wrong.Message[(stop + 2)..];
        return char.ToLowerInvariant(reason[0]) + reason[1..];
    }
}
