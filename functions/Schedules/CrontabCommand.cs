using System.Text;
using System.Text.RegularExpressions;

namespace Watchdesk.Schedules;

/// <summary>What the command part of a crontab line says.</summary>
static class CrontabCommand
{
    const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    static readonly Regex Assignment = new("""^["']?(?<name>[A-Za-z_][A-Za-z0-9_]*)["']?\s*=(?<value>.*)$""", Linear | RegexOptions.Singleline);
    static readonly Regex Separators = new(@"&&|\|\||[;|]", Linear);
    static readonly Regex Extension = new(@"\.(sh|bash|py|php|pl|rb|js|jar|dll|exe|bat)$", Linear | RegexOptions.IgnoreCase);
    static readonly Regex NotSlug = new("[^a-z0-9]+", Linear);

    static readonly string[] Openers = ["cd", "[", "[[", "test", ".", "source", "export", "sleep", "umask", "set", "if", "then", "true", ":"];
    static readonly string[] Wrappers =
        ["sudo", "env", "nice", "ionice", "chrt", "flock", "timeout", "nohup", "setsid", "exec", "time", "command", "cronic", "chronic", "stdbuf", "bash", "sh", "dash", "zsh", "python", "python2", "python3", "php", "perl", "ruby", "node", "java", "dotnet"];

    /// <summary>Name and value when the line sets a variable, as cron reads it: <c>NAME = value</c>, quotes taken off.</summary>
    public static (string Name, string Value)? Variable(string line)
    {
        var match = Assignment.Match(line);
        if (!match.Success)
        {
            return null;
        }

        var value = match.Groups["value"].Value.Trim();
        var isQuoted = value.Length >= 2 && value[0] is '"' or '\'' && value[^1] == value[0];
        return (match.Groups["name"].Value, isQuoted ? value[1..^1] : value);
    }

    /// <summary>The command as the shell gets it: after an unescaped % comes its input, and \% is a %.</summary>
    public static string WithoutInput(string command)
    {
        var text = new StringBuilder(command.Length);
        for (var i = 0; i < command.Length && command[i] != '%'; i++)
        {
            if (command[i] == '\\' && i + 1 < command.Length && command[i + 1] == '%')
            {
                i++;
            }

            text.Append(command[i]);
        }

        return text.ToString().Trim();
    }

    /// <summary>The program that does the work, as <c>[a-z0-9-]</c>: "cd /x &amp;&amp; nice /opt/Backup_DB.sh -v" gives "backup-db".</summary>
    public static string SuggestName(string command, int maxLength)
    {
        foreach (var part in Separators.Split(command))
        {
            var words = part.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words.Length == 0 || Openers.Contains(words[0]) || words.FirstOrDefault(IsProgram) is not { } program)
            {
                continue;
            }

            var name = Extension.Replace(FileName(program), "").ToLowerInvariant();
            name = NotSlug.Replace(name, "-").Trim('-');
            if (name.Length > 0)
            {
                return name.Length <= maxLength ? name : name[..maxLength].TrimEnd('-');
            }
        }

        return "job";
    }

    static bool IsProgram(string word)
    {
        var name = FileName(word);
        return name.Length > 0 && word[0] is not ('-' or '>' or '<' or '&') && !char.IsAsciiDigit(name[0]) && !Assignment.IsMatch(word)
            && !name.EndsWith(".lock", StringComparison.Ordinal) && !Wrappers.Contains(name);
    }

    static string FileName(string word)
    {
        var path = word.Trim('"', '\'', '(', ')', '{', '}', '`');
        return path[(path.LastIndexOf('/') + 1)..];
    }
}
